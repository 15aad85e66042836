//! Picking a compute device at run time.

use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;

use burn::tensor::{Device, DeviceKind, DeviceType};

use crate::TrainError;

/// What `--device` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DeviceChoice {
    /// The best GPU, or the CPU where there is none. A software adapter is never picked.
    #[default]
    Auto,
    /// burn's flex backend on all cores.
    Cpu,
    /// The best GPU through wgpu, a software adapter only where there is no other.
    Gpu,
    /// The n-th adapter that `adm devices` lists.
    GpuAt(usize),
    /// The n-th NVIDIA card through CUDA, in builds with that feature.
    Cuda(usize),
}

impl FromStr for DeviceChoice {
    type Err = TrainError;

    fn from_str(given: &str) -> Result<Self, TrainError> {
        let unknown = || TrainError::UnknownDevice { given: given.to_owned() };
        match given.split_once(':') {
            None if given == "auto" => Ok(Self::Auto),
            None if given == "cpu" => Ok(Self::Cpu),
            None if given == "gpu" => Ok(Self::Gpu),
            None if given == "cuda" => Ok(Self::Cuda(0)),
            Some(("gpu", index)) => index.parse().map(Self::GpuAt).map_err(|_| unknown()),
            Some(("cuda", index)) => index.parse().map(Self::Cuda).map_err(|_| unknown()),
            _ => Err(unknown()),
        }
    }
}

impl fmt::Display for DeviceChoice {
    /// As `--device` takes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Cpu => f.write_str("cpu"),
            Self::Gpu => f.write_str("gpu"),
            Self::GpuAt(index) => write!(f, "gpu:{index}"),
            Self::Cuda(index) => write!(f, "cuda:{index}"),
        }
    }
}

/// What sort of adapter it is, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AdapterKind {
    /// A graphics card.
    Discrete,
    /// Graphics inside the processor.
    Integrated,
    /// A card handed through to a virtual machine.
    Virtual,
    /// A processor pretending to be a card (llvmpipe, SwiftShader).
    Software,
}

impl fmt::Display for AdapterKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Discrete => "discrete GPU",
            Self::Integrated => "integrated GPU",
            Self::Virtual => "virtual GPU",
            Self::Software => "software adapter",
        })
    }
}

/// A graphics adapter that wgpu reaches.
#[derive(Debug, Clone)]
pub struct Adapter {
    /// What it is.
    pub kind: AdapterKind,
    device: Device,
}

impl Adapter {
    /// The name the adapter gives itself. Opens it, which may take a second.
    pub fn name(&self) -> String {
        quietly(|| self.device.identity()).flatten().map_or_else(|| "unnamed".to_owned(), |identity| identity.name)
    }
}

/// Every adapter, best first; empty on a machine without Vulkan, Metal or DirectX 12. The machine is asked once: drivers
/// are slow to answer, and some complain on stderr each time.
pub fn adapters() -> &'static [Adapter] {
    static FOUND: OnceLock<Vec<Adapter>> = OnceLock::new();
    FOUND.get_or_init(find_adapters)
}

fn find_adapters() -> Vec<Adapter> {
    let found = quietly(|| Device::enumerate(DeviceType::Wgpu).into_vec()).unwrap_or_default();
    let of_kind = |kind: AdapterKind, make: fn(usize) -> DeviceKind| {
        let found = &found;
        (0..found.len())
            .map(move |index| Device::wgpu(make(index)))
            .filter(|device| found.contains(device))
            .map(move |device| Adapter { kind, device })
    };
    of_kind(AdapterKind::Discrete, DeviceKind::DiscreteGpu)
        .chain(of_kind(AdapterKind::Integrated, DeviceKind::IntegratedGpu))
        .chain(of_kind(AdapterKind::Virtual, DeviceKind::VirtualGpu))
        .chain(of_kind(AdapterKind::Software, |_| DeviceKind::Cpu).take(1))
        .collect()
}

/// Drivers may panic inside wgpu where a list is asked for; then there is nothing to be had.
fn quietly<T>(ask: impl FnOnce() -> T) -> Option<T> {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let answer = std::panic::catch_unwind(std::panic::AssertUnwindSafe(ask)).ok();
    std::panic::set_hook(hook);
    answer
}

/// A device that was picked.
#[derive(Debug, Clone)]
pub struct Picked {
    /// For tensors without gradients; `.autodiff()` gives the one for training.
    pub device: Device,
    /// What it is, for people.
    pub description: String,
    /// Why it is not what the user may have hoped for.
    pub note: Option<String>,
    /// Whether work is done on the host's own cores.
    pub is_cpu: bool,
}

impl Picked {
    fn cpu(note: Option<String>) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { device: Device::flex(), description: format!("CPU, {cores} cores (flex)"), note, is_cpu: true }
    }

    fn adapter(adapter: &Adapter) -> Self {
        let description = format!("{}, {} (wgpu)", adapter.name(), adapter.kind);
        Self { device: adapter.device.clone(), description, note: None, is_cpu: false }
    }
}

/// Opens the device that `choice` asks for; the process keeps the memory that it frees from here on, where it can.
///
/// # Errors
/// A GPU that is asked for and not there. `Auto` never fails: it falls back to the CPU.
pub fn pick(choice: DeviceChoice) -> Result<Picked, TrainError> {
    crate::memory::keep_freed();
    match choice {
        DeviceChoice::Cpu => Ok(Picked::cpu(None)),
        DeviceChoice::Auto => Ok(auto(adapters())),
        DeviceChoice::Gpu => nth(adapters(), 0, "GPU"),
        DeviceChoice::GpuAt(index) => nth(adapters(), index, &format!("gpu:{index}")),
        DeviceChoice::Cuda(index) => cuda(index),
    }
}

fn auto(adapters: &[Adapter]) -> Picked {
    match adapters.first() {
        Some(adapter) if adapter.kind != AdapterKind::Software => Picked::adapter(adapter),
        Some(_) => Picked::cpu(Some("the only graphics adapter is a software one; using the CPU".into())),
        None => Picked::cpu(Some("no graphics adapter found; using the CPU".into())),
    }
}

fn nth(adapters: &[Adapter], index: usize, wanted: &str) -> Result<Picked, TrainError> {
    adapters.get(index).map(Picked::adapter).ok_or_else(|| TrainError::NoDevice {
        wanted: wanted.to_owned(),
        found: match adapters.len() {
            0 => " (no Vulkan, Metal or DirectX 12 adapter was found)".into(),
            count => format!(" (there are {count}, counted from gpu:0)"),
        },
    })
}

#[cfg(feature = "cuda")]
fn cuda(index: usize) -> Result<Picked, TrainError> {
    let device = Device::cuda(index);
    let name = quietly(|| device.identity()).flatten().map(|identity| identity.name);
    let missing = || TrainError::NoDevice { wanted: format!("cuda:{index}"), found: String::new() };
    let description = format!("{} (CUDA)", name.ok_or_else(missing)?);
    Ok(Picked { device, description, note: None, is_cpu: false })
}

#[cfg(not(feature = "cuda"))]
fn cuda(index: usize) -> Result<Picked, TrainError> {
    let found = " in this build (it was built without --features cuda)".into();
    Err(TrainError::NoDevice { wanted: format!("cuda:{index}"), found })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_read_as_written() {
        for (text, choice) in [
            ("auto", DeviceChoice::Auto),
            ("cpu", DeviceChoice::Cpu),
            ("gpu", DeviceChoice::Gpu),
            ("gpu:1", DeviceChoice::GpuAt(1)),
            ("cuda:2", DeviceChoice::Cuda(2)),
        ] {
            assert_eq!((text.parse::<DeviceChoice>().unwrap(), choice.to_string().as_str()), (choice, text));
        }
        for bad in ["", "tpu", "gpu:", "gpu:x", "cpu:0", "GPU"] {
            let error = bad.parse::<DeviceChoice>().unwrap_err();
            assert_eq!(error.to_string(), format!("{bad:?} is not a device"));
        }
    }

    #[test]
    fn a_gpu_that_is_not_there_is_an_error_and_auto_is_not() {
        assert!(auto(&[]).is_cpu);
        let error = nth(&[], 0, "GPU").unwrap_err();
        assert_eq!(
            error.to_string(),
            "there is no GPU on this machine (no Vulkan, Metal or DirectX 12 adapter was found)"
        );
    }
}
