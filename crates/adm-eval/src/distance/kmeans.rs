//! Splitting the reference into groups of similar beats: k-means (Lloyd, IEEE Transactions on Information Theory 28, 1982)
//! started by k-means++ (Arthur & Vassilvitskii, SODA 2007).

use super::pairs::Points;
use adm_core::seeds::{RngExt, StreamRng};

/// Rounds after which centres stay where they are; beats have mostly stopped changing sides by then.
const MOST_ROUNDS: usize = 40;

/// The centres of the groups.
pub struct Centres(Points);

impl Centres {
    /// At most `count` centres of `points`, of which there must be one; fewer where points are equal.
    pub fn of(points: &Points, count: usize, random: &mut StreamRng) -> Self {
        let mut centres = Self(Points::new(spread_out(points, count, random)));
        let mut before = Vec::new();
        for _ in 0..MOST_ROUNDS {
            let now = centres.assign(points);
            if now == before {
                break;
            }
            centres = centres.moved(points, &now);
            before = now;
        }
        centres
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.rows().len()
    }

    /// The nearest centre of each point, the first of equals.
    pub fn assign(&self, points: &Points) -> Vec<usize> {
        let nearest = |row: &Vec<f32>| {
            let nearer = |best: usize, (index, squared): (usize, &f32)| if *squared < row[best] { index } else { best };
            row.iter().enumerate().fold(0, nearer)
        };
        points.squared_distances_to(&self.0).0.iter().map(nearest).collect()
    }

    /// Each centre in the middle of its points; one without points stays.
    fn moved(&self, points: &Points, sides: &[usize]) -> Self {
        let mut sums: Vec<Vec<f64>> = self.0.rows().iter().map(|centre| vec![0.0; centre.len()]).collect();
        let mut counts = vec![0.0f64; sums.len()];
        for (point, &side) in points.rows().iter().zip(sides) {
            counts[side] += 1.0;
            sums[side].iter_mut().zip(point).for_each(|(sum, &value)| *sum += f64::from(value));
        }
        let middle = |(old, (sum, count)): (&Vec<f32>, (Vec<f64>, f64))| {
            if count > 0.0 { sum.iter().map(|sum| (sum / count) as f32).collect() } else { old.clone() }
        };
        Self(Points::new(self.0.rows().iter().zip(sums.into_iter().zip(counts)).map(middle).collect()))
    }
}

/// First centres: one point at random, and each further one as likely as its squared distance from those before is large.
fn spread_out(points: &Points, count: usize, random: &mut StreamRng) -> Vec<Vec<f32>> {
    let rows = points.rows();
    let mut centres = vec![rows[random.random_range(0..rows.len())].clone()];
    let mut nearest = vec![f32::INFINITY; rows.len()];
    while centres.len() < count {
        let latest = Points::new(centres[centres.len() - 1..].to_vec());
        let squared = points.squared_distances_to(&latest).0;
        nearest.iter_mut().zip(&squared).for_each(|(nearest, row)| *nearest = nearest.min(row[0]));
        let total: f64 = nearest.iter().map(|&squared| f64::from(squared)).sum();
        if total <= 0.0 {
            break;
        }
        let mut left = random.random_range(0.0..total);
        let passes = |(_, squared): &(usize, &f32)| {
            left -= f64::from(**squared);
            left < 0.0
        };
        // Rounding may leave a little after the last point; the farthest is as good a choice.
        let drawn = nearest.iter().enumerate().find(passes).map(|(index, _)| index);
        let farthest = || nearest.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map_or(0, |(index, _)| index);
        centres.push(rows[drawn.unwrap_or_else(farthest)].clone());
    }
    centres
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Seeds;

    /// Clusters far apart are found whatever the seed, and every point is with its fellows.
    #[test]
    fn clear_clusters_are_found_for_every_seed() {
        let point = |n: usize| vec![100.0 * (n % 5) as f32 + (n as f32).sin(), 40.0 * (n % 5) as f32];
        let points = Points::new((0..100).map(point).collect());
        for seed in 0..20 {
            let centres = Centres::of(&points, 5, &mut Seeds::new(seed).stream("test", 0));
            let sides = centres.assign(&points);
            assert_eq!(centres.count(), 5);
            assert!((0..100).all(|n| (sides[n] == sides[0]) == (n % 5 == 0)), "seed {seed}: {sides:?}");
        }
    }

    #[test]
    fn equal_points_have_one_centre() {
        let points = Points::new(vec![vec![2.0]; 9]);
        let centres = Centres::of(&points, 4, &mut Seeds::new(1).stream("test", 0));
        assert_eq!((centres.count(), centres.assign(&points)), (1, vec![0; 9]));
    }

    #[test]
    fn rounds_never_make_the_fit_worse() {
        let points = Points::new((0..200).map(|n| vec![(n as f32 * 0.37).sin(), (n as f32 * 0.71).cos()]).collect());
        let fit = |centres: &Centres| -> f64 {
            let rows = points.squared_distances_to(&centres.0).0;
            rows.iter().map(|row| f64::from(row.iter().copied().fold(f32::INFINITY, f32::min))).sum()
        };
        let mut centres = Centres(Points::new(spread_out(&points, 8, &mut Seeds::new(3).stream("test", 0))));
        let first = fit(&centres);
        for round in 0..20 {
            let next = centres.moved(&points, &centres.assign(&points));
            assert!(fit(&next) <= fit(&centres) + 1e-6, "round {round}");
            centres = next;
        }
        assert!(fit(&centres) < 0.9 * first);
    }
}
