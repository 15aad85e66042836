//! From sounds to stimuli that are alike in all but what is judged.
