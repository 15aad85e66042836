//! Where sounds come from.
