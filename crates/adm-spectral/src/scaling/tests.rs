use super::*;
use crate::tensor::Tensor;
use adm_core::Seeds;
use adm_core::seeds::RngExt;

const SHAPE: Shape = Shape { channels: 4, bins: 32, frames: 24 };

/// What the issue asks of every map there and back, in dB.
const ROUND_TRIP_SNR: f64 = 100.0;

/// Points whose magnitudes span eight orders, the left channel nearly equal to the right one where `near_mono`.
fn music_like(near_mono: bool) -> Vec<f32> {
    let mut rng = Seeds::new(7).stream("tensor", u64::from(near_mono));
    let mut data = vec![0f32; SHAPE.size()];
    data.fill_with(|| 10f32.powf(rng.random_range(-6.0..2.0)) * rng.random_range(-1.0..1.0));
    if near_mono {
        let (right, left) = data.split_at_mut(2 * SHAPE.plane());
        left.iter_mut().zip(right).for_each(|(left, right)| *left = *right * (1.0 + 1e-5 * *left));
    }
    data
}

fn snr(reference: &[f32], actual: &[f32]) -> f64 {
    let square = |value: f32| f64::from(value) * f64::from(value);
    let signal: f64 = reference.iter().map(|value| square(*value)).sum();
    let error: f64 = reference.iter().zip(actual).map(|(a, b)| square(a - b)).sum();
    10.0 * (signal / error.max(f64::MIN_POSITIVE)).log10()
}

fn all_scalings() -> Vec<Scaling> {
    let exponents = [0.1, 0.2, 0.3, 0.5, 2.0 / 3.0, 0.9, 1.0];
    let laws = exponents.map(|exponent| Law::Power { exponent }).into_iter().chain([Law::Linear]);
    let codings = [Coding::LeftRight, Coding::MidSide];
    laws.flat_map(|law| codings.map(|coding| (law, coding)))
        .flat_map(|(law, coding)| [0.37, 88.0, 1e-6, 1e6].map(|reference| Scaling { coding, law, reference }))
        .collect()
}

#[test]
fn every_map_is_undone() {
    for scaling in all_scalings() {
        for near_mono in [false, true] {
            let original = music_like(near_mono);
            let mut data = original.clone();
            scaling.apply(&mut data, SHAPE).unwrap();
            scaling.invert(&mut data, SHAPE).unwrap();
            let snr = snr(&original, &data);
            assert!(snr >= ROUND_TRIP_SNR, "{scaling:?}, near mono: {near_mono}: {snr:.1} dB");
        }
    }
}

#[test]
fn quiet_points_come_back_as_well_as_loud_ones() {
    let scaling = Scaling { coding: Coding::LeftRight, law: Law::Power { exponent: 0.5 }, reference: 10.0 };
    let original = music_like(false);
    let mut data = original.clone();
    scaling.apply(&mut data, SHAPE).unwrap();
    scaling.invert(&mut data, SHAPE).unwrap();
    let plane = SHAPE.plane();
    for at in (SHAPE.frames..plane).chain(2 * plane + SHAPE.frames..3 * plane) {
        let magnitude = original[at].hypot(original[at + plane]);
        let off = (original[at] - data[at]).hypot(original[at + plane] - data[at + plane]);
        assert!(off <= 3e-6 * magnitude, "point {at}: off by {off} of {magnitude}");
    }
}

#[test]
fn magnitudes_follow_the_law_and_phases_stay() {
    for (law, expected) in
        [(Law::Linear, 5.0 / 80.0), (Law::Power { exponent: 0.5 }, 0.25), (Law::Power { exponent: 0.25 }, 0.5)]
    {
        let shape = Shape::new(2, 2, 1);
        // The first bin holds DC and Nyquist, two real numbers; the second one 3 - 4i.
        let mut data = [-5.0, 3.0, 80.0, -4.0];
        Scaling { coding: Coding::MidSide, law, reference: 80.0 }.apply(&mut data, shape).unwrap();
        for (actual, expected) in data.iter().zip([-expected, 0.6 * expected, 1.0, -0.8 * expected]) {
            assert!((actual - expected).abs() < 1e-6, "{law:?}: {data:?}");
        }
    }
}

#[test]
fn mid_and_side_keep_the_power_and_mono_has_no_side() {
    let shape = Shape::new(4, 1, 1);
    let scaling = Scaling { coding: Coding::MidSide, law: Law::Linear, reference: 1.0 };
    let mut mono = [0.3, -0.4, 0.3, -0.4];
    scaling.apply(&mut mono, shape).unwrap();
    assert!((mono[0] - 0.3 * 2f32.sqrt()).abs() < 1e-7 && mono[2..] == [0.0, 0.0], "{mono:?}");
    let mut left_alone = [0.0, 0.0, 1.0, 0.0];
    scaling.apply(&mut left_alone, shape).unwrap();
    assert_eq!(left_alone, [FRAC_1_SQRT_2, 0.0, FRAC_1_SQRT_2, 0.0]);
}

#[test]
fn zeros_and_denormals_stay_harmless() {
    for scaling in all_scalings() {
        for tiny in [0.0, -0.0, f32::from_bits(1), -1e-40, f32::MIN_POSITIVE, 1e-30] {
            let mut data = vec![tiny; SHAPE.size()];
            scaling.apply(&mut data, SHAPE).unwrap();
            assert!(data.iter().all(|value| value.abs() < 1e-1), "{scaling:?}: {tiny} became {}", data[0]);
            scaling.invert(&mut data, SHAPE).unwrap();
            assert!(data.iter().all(|value| (value - tiny).abs() < 1e-18), "{scaling:?}: {tiny} became {}", data[0]);
        }
    }
}

#[test]
fn bad_input_is_refused_with_numbers() {
    let good = Scaling { coding: Coding::MidSide, law: Law::Power { exponent: 0.5 }, reference: 1.0 };
    let refused =
        |scaling: Scaling, data: &[f32], shape| scaling.apply(&mut data.to_vec(), shape).unwrap_err().to_string();
    let zeros = [0.0; 12];
    let shape = Shape::new(4, 3, 1);
    assert_eq!(refused(good, &zeros[1..], shape), "the tensor must hold 12 values, got 11");
    let three = refused(good, &zeros, Shape::new(3, 4, 1));
    assert_eq!(three, "tensors of 2 (mono) or 4 (stereo) channels are needed, got 3 channels");
    assert!(refused(good, &[], Shape::new(4, 0, 7)).starts_with("the tensor's bins times frames must be between 1"));
    for reference in [0.0, -1.0, f32::NAN, f32::INFINITY] {
        assert!(
            refused(Scaling { reference, ..good }, &zeros, shape)
                .starts_with("the scaling's reference must be between")
        );
    }
    for exponent in [0.0, 1.5, f32::NAN] {
        let law = Law::Power { exponent };
        assert!(
            refused(Scaling { law, ..good }, &zeros, shape)
                .starts_with("the scaling's exponent must be between 0.1 and 1")
        );
    }
    for bad in [f32::NAN, f32::INFINITY, 1e19] {
        let mut data = zeros;
        data[5] = bad;
        let message = refused(good, &data, shape);
        assert!(message.starts_with("the tensor holds") && message.contains("at position 5"), "{message}");
        assert!(good.invert(&mut data, shape).is_err(), "{bad}");
    }
}

#[test]
fn settings_survive_json_and_toml_and_unknown_keys_do_not() {
    for scaling in all_scalings() {
        let json = serde_json::to_string(&scaling).unwrap();
        assert_eq!(serde_json::from_str::<Scaling>(&json).unwrap(), scaling, "{json}");
        assert_eq!(toml::from_str::<Scaling>(&toml::to_string(&scaling).unwrap()).unwrap(), scaling);
    }
    let scaling: Scaling =
        toml::from_str("coding = \"mid-side\"\nlaw = { name = \"power\", exponent = 0.5 }\nreference = 3.0").unwrap();
    assert_eq!(scaling, Scaling { coding: Coding::MidSide, law: Law::Power { exponent: 0.5 }, reference: 3.0 });
    for unknown in [
        r#"{"coding":"mid-side","law":{"name":"linear"},"reference":1,"x":1}"#,
        r#"{"coding":"mid-side","law":{"name":"power","exponent":0.5,"x":1},"reference":1}"#,
        r#"{"coding":"mid-side","law":{"name":"linear","exponent":0.5},"reference":1}"#,
        r#"{"coding":"mid-side","law":{"name":"power"},"reference":1}"#,
        r#"{"coding":"mid-side","law":{"name":"cubic"},"reference":1}"#,
    ] {
        assert!(serde_json::from_str::<Scaling>(unknown).is_err(), "{unknown}");
    }
}

#[test]
fn the_reference_is_the_quantile_of_magnitudes() {
    let tensors: Vec<Tensor> = [false, true].map(|near| Tensor::new(SHAPE, music_like(near)).unwrap()).into();
    for coding in [Coding::LeftRight, Coding::MidSide] {
        let mut magnitudes = Vec::new();
        for tensor in &tensors {
            let mut data = tensor.data().to_vec();
            Scaling { coding, law: Law::Linear, reference: 1.0 }.apply(&mut data, SHAPE).unwrap();
            for pair in data.chunks_exact(2 * SHAPE.plane()) {
                let (real, imaginary) = pair.split_at(SHAPE.plane());
                let (first, rest) = (0..SHAPE.frames, SHAPE.frames..SHAPE.plane());
                magnitudes.extend(first.flat_map(|at| [real[at].abs(), imaginary[at].abs()]));
                magnitudes.extend(rest.map(|at| real[at].hypot(imaginary[at])));
            }
        }
        magnitudes.sort_by(f32::total_cmp);
        for quantile in [0.6, 0.9, 0.999, 1.0] {
            let exact = magnitudes[((quantile * magnitudes.len() as f64).ceil() as usize).max(1) - 1];
            let measured = measure_reference(&tensors, coding, quantile).unwrap();
            let room = if quantile == 1.0 { 1e-6 } else { 0.004 };
            assert!(
                measured >= exact * (1.0 - 1e-6) && measured <= exact * (1.0 + room),
                "{quantile}: {measured} for {exact}"
            );
        }
    }
}

#[test]
fn meters_of_parts_add_up_to_the_meter_of_the_whole() {
    let (first, second) = (music_like(false), music_like(true));
    let mut whole = ReferenceMeter::new(Coding::MidSide);
    let mut parts = [whole.clone(), whole.clone()];
    whole.add(&first, SHAPE).unwrap();
    whole.add(&second, SHAPE).unwrap();
    parts[0].add(&second, SHAPE).unwrap();
    parts[1].add(&first, SHAPE).unwrap();
    let [mut sum, other] = parts;
    sum.merge(&other);
    for quantile in [0.1, 0.5, 0.99, 1.0] {
        assert_eq!(sum.quantile(quantile), whole.quantile(quantile));
    }
}

#[test]
fn silence_has_no_reference() {
    let silent = Tensor::zeros(SHAPE);
    let error = measure_reference([&silent], Coding::MidSide, 0.999).unwrap_err().to_string();
    assert_eq!(error, "the tensors hold nothing but zeros up to the quantile 0.999 of their magnitudes");
    assert!(measure_reference([], Coding::MidSide, 1.0).is_err());
    assert!(measure_reference([&silent], Coding::MidSide, f64::NAN).is_err());
}
