//! Batches made ahead of a training.

#![expect(clippy::unwrap_used, reason = "a failed assertion is what a test is for")]

mod common;

use adm_core::{Seeds, Silent};
use adm_dataset::stream::{Batch, BatchMaker, Order, Prefetch};
use adm_dataset::{Dataset, Split, prepare};
use adm_spectral::{Coding, Law, RepresentationConfig, Scaling};
use common::{music, on_the_beat, rate, write_wav};
use std::path::Path;
use std::sync::Arc;

const SCALING: Scaling = Scaling { coding: Coding::MidSide, law: Law::Power { exponent: 0.5 }, reference: 20.0 };
const BATCH: usize = 4;

fn maker(dir: &Path) -> Arc<BatchMaker> {
    let (path, output) = (dir.join("set.wav"), dir.join("dataset"));
    write_wav(&path, 44_100, 2, &music(1, 30));
    prepare(&on_the_beat(&[path], &output), &Silent).unwrap();
    let dataset = Arc::new(Dataset::open(&output).unwrap());
    let representation = RepresentationConfig::default().build(dataset.slice_frames(), dataset.rate(), 2).unwrap();
    Arc::new(BatchMaker::new(dataset, representation, Some(SCALING)).unwrap())
}

fn batches(maker: &Arc<BatchMaker>, first_step: u64, workers: usize, count: usize) -> Vec<Batch> {
    let order = Order::new(maker.dataset().indices(Split::Train), Seeds::new(7)).unwrap();
    let maker = Arc::clone(maker);
    let make = move |step| maker.make(order.indices_of(step, BATCH));
    let mut prefetch = Prefetch::new(first_step, workers, 3, make).unwrap();
    (0..count).map(|_| prefetch.next().flatten().unwrap()).collect()
}

#[test]
fn batches_are_the_same_for_any_number_of_workers_and_any_first_step() {
    let dir = tempfile::tempdir().unwrap();
    let maker = maker(dir.path());
    let alone = batches(&maker, 0, 1, 12);
    assert!(batches(&maker, 0, 3, 12) == alone);
    assert!(batches(&maker, 5, 2, 7)[..] == alone[5..]);
}

#[test]
fn a_batch_holds_the_scaled_tensors_of_its_slices() {
    let dir = tempfile::tempdir().unwrap();
    let maker = maker(dir.path());
    let batch = maker.make(vec![3, 0, 3]).unwrap();
    let size = batch.shape.size();
    assert_eq!((batch.values.len(), batch.indices.as_slice()), (3 * size, &[3, 0, 3][..]));
    assert!(batch.values[..size] == batch.values[2 * size..], "the same slice gives the same tensor");
    let representation = RepresentationConfig::default().build(20_354, rate(44_100), 2).unwrap();
    let mut slice = vec![0.0; maker.dataset().slice_samples()];
    maker.dataset().read_f32(0, &mut slice).unwrap();
    let mut expected = representation.tensor_of(&slice).unwrap().into_data();
    SCALING.apply(&mut expected, batch.shape).unwrap();
    assert!(batch.values[size..2 * size] == expected[..]);
}

#[test]
fn what_does_not_fit_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let maker = maker(dir.path());
    let error = maker.make(vec![0, 30]).unwrap_err();
    assert_eq!(error.to_string(), "slice 30 was asked for, but the dataset has 30");
    let dataset = Arc::new(Dataset::open(&dir.path().join("dataset")).unwrap());
    let mono = RepresentationConfig::default().build(dataset.slice_frames(), dataset.rate(), 1).unwrap();
    let error = BatchMaker::new(dataset, mono, Some(SCALING)).unwrap_err();
    let expected = "the buffer for a slice of the representation must hold 40708 values, got 20354";
    assert_eq!(error.to_string(), expected);
}
