//! A module's parameters as named arrays, in and out of safetensors.
//!
//! Names are paths in the module (`blocks.0.weight`), so a file says what it holds and can be opened anywhere.

use std::collections::BTreeMap;
use std::path::Path;

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Tensor, TensorData};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use crate::TrainError;

/// Shape and values of one array.
#[derive(Debug, Clone, PartialEq)]
pub struct Array {
    /// Length of every axis.
    pub shape: Vec<usize>,
    /// Values, the last axis fastest.
    pub values: Vec<f32>,
}

/// Arrays by name.
pub type Arrays = BTreeMap<String, Array>;

/// The path of the module that a visitor is in.
#[derive(Debug, Default)]
pub(crate) struct ModulePath(Vec<String>);

impl ModulePath {
    pub(crate) fn enter(&mut self, name: &str) {
        self.0.push(name.to_owned());
    }

    pub(crate) fn exit(&mut self) {
        self.0.pop();
    }

    pub(crate) fn name(&self) -> String {
        self.0.join(".")
    }
}

/// The values of a tensor on the host.
pub(crate) fn array<const D: usize>(tensor: Tensor<D>) -> Array {
    let data = tensor.into_data();
    let shape = data.shape().to_vec();
    Array { shape, values: data.iter::<f32>().collect() }
}

struct Collect {
    path: ModulePath,
    arrays: Arrays,
}

impl ModuleVisitor for Collect {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.enter(name);
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.exit();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.arrays.insert(self.path.name(), array(param.val()));
    }
}

/// All parameters of a module.
pub fn collect<M: Module>(module: &M) -> Arrays {
    let mut collect = Collect { path: ModulePath::default(), arrays: Arrays::new() };
    module.visit(&mut collect);
    collect.arrays
}

struct Apply<'a> {
    path: ModulePath,
    arrays: &'a Arrays,
    failed: Option<TrainError>,
}

impl Apply<'_> {
    fn find(&self, expected: &[usize]) -> Result<TensorData, TrainError> {
        let name = self.path.name();
        let array = self.arrays.get(&name).ok_or_else(|| TrainError::Missing { name: name.clone() })?;
        if array.shape != expected {
            return Err(TrainError::Shape { name, expected: expected.to_vec(), got: array.shape.clone() });
        }
        Ok(TensorData::new(array.values.clone(), array.shape.clone()))
    }
}

impl ModuleMapper for Apply<'_> {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.enter(name);
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.exit();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let found = self.find(&param.dims());
        param.map(|tensor| match found {
            Ok(data) => {
                let tracked = tensor.is_require_grad();
                Tensor::from_data(data, &tensor.device()).set_require_grad(tracked)
            }
            Err(error) => {
                self.failed.get_or_insert(error);
                tensor
            }
        })
    }
}

/// Puts arrays into a module, on its device.
///
/// # Errors
/// A parameter that is missing or has another shape.
pub fn apply<M: Module>(module: M, arrays: &Arrays) -> Result<M, TrainError> {
    let mut apply = Apply { path: ModulePath::default(), arrays, failed: None };
    let module = module.map(&mut apply);
    apply.failed.map_or(Ok(module), Err)
}

/// Writes arrays as one safetensors file.
///
/// # Errors
/// Values that are not finite, and whatever the file system returns.
pub fn save(arrays: &Arrays, path: &Path) -> Result<(), TrainError> {
    if let Some((name, _)) = arrays.iter().find(|(_, array)| !array.values.iter().all(|value| value.is_finite())) {
        return Err(TrainError::NotFinite { name: name.clone() });
    }
    let bytes: Vec<(&String, &Array, Vec<u8>)> = arrays
        .iter()
        .map(|(name, array)| (name, array, array.values.iter().flat_map(|value| value.to_le_bytes()).collect()))
        .collect();
    let damaged =
        |error: safetensors::SafeTensorError| TrainError::Damaged { path: path.to_owned(), reason: error.to_string() };
    let views = bytes
        .iter()
        .map(|(name, array, bytes)| Ok((*name, TensorView::new(Dtype::F32, array.shape.clone(), bytes)?)))
        .collect::<Result<Vec<_>, safetensors::SafeTensorError>>()
        .map_err(damaged)?;
    let whole = safetensors::serialize(views, None).map_err(damaged)?;
    adm_core::persist::write_bytes(path, &whole).map_err(TrainError::io("write", path))
}

/// Reads a safetensors file of 32-bit floats.
///
/// # Errors
/// A missing or damaged file, or one that holds other numbers.
pub fn load(path: &Path) -> Result<Arrays, TrainError> {
    let bytes = std::fs::read(path).map_err(TrainError::io("read", path))?;
    let damaged = |reason: String| TrainError::Damaged { path: path.to_owned(), reason };
    let file = SafeTensors::deserialize(&bytes).map_err(|error| damaged(error.to_string()))?;
    file.iter()
        .map(|(name, view)| match view.dtype() {
            Dtype::F32 => {
                let values = view.data().as_chunks::<4>().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect();
                Ok((name.to_owned(), Array { shape: view.shape().to_vec(), values }))
            }
            other => Err(damaged(format!("{name} holds {other:?} values where F32 was expected"))),
        })
        .collect()
}
