//! The hash tree over a book's events (RFC 6962 §2.1), kept as its frontier.
//!
//! A frontier is the roots of the complete subtrees that make up the tree, the largest first: at
//! most 63 hashes, enough to append a leaf and to tell the root. Proofs need the stored leaves.

use aws_lc_rs::digest;

/// A SHA-256 hash.
pub type Hash = [u8; 32];

const LEAF: u8 = 0x00;
const NODE: u8 = 0x01;

/// The hash of a leaf: SHA-256(0x00 ‖ data).
#[must_use]
pub fn leaf_hash(data: &[u8]) -> Hash {
    sha256(&[&[LEAF], data])
}

fn node_hash(left: &Hash, right: &Hash) -> Hash {
    sha256(&[&[NODE], left, right])
}

fn sha256(parts: &[&[u8]]) -> Hash {
    let mut context = digest::Context::new(&digest::SHA256);
    for part in parts {
        context.update(part);
    }
    let mut hash = Hash::default();
    hash.copy_from_slice(context.finish().as_ref());
    hash
}

/// The frontier of a tree.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

/// A stored frontier that cannot be one of its size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the stored frontier does not fit the size of its tree")]
pub struct BadFrontier;

impl Frontier {
    /// Reads the stored form: the peaks one after the other.
    ///
    /// # Errors
    /// [`BadFrontier`] when there are not as many peaks as a tree of `size` leaves has.
    pub fn read(size: u64, stored: &[u8]) -> Result<Self, BadFrontier> {
        let (peaks, rest) = stored.as_chunks::<32>();
        let fits = u32::try_from(peaks.len()) == Ok(size.count_ones());
        if fits && rest.is_empty() {
            Ok(Self {
                size,
                peaks: peaks.to_vec(),
            })
        } else {
            Err(BadFrontier)
        }
    }

    /// The stored form.
    #[must_use]
    pub fn stored(&self) -> Vec<u8> {
        self.peaks.concat()
    }

    /// How many leaves the tree has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf by its hash.
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        // Each trailing one of the size is a complete subtree as large as the one just closed.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                hash = node_hash(&left, &hash);
            }
        }
        self.peaks.push(hash);
        self.size = self.size.saturating_add(1);
    }

    /// The root of the tree; SHA-256 of nothing for an empty one.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        match peaks.next() {
            None => sha256(&[]),
            Some(last) => peaks.fold(*last, |right, left| node_hash(left, &right)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ct_merkle::mem_backed_tree::MemoryBackedTree;

    #[test]
    fn the_root_is_that_of_an_independent_rfc_6962_tree_at_every_size() {
        let mut theirs = MemoryBackedTree::<sha2::Sha256, Vec<u8>>::new();
        let mut ours = Frontier::default();
        for n in 0..130_u32 {
            let data = n.to_be_bytes().to_vec();
            ours.push(leaf_hash(&data));
            theirs.push(data);
            assert_eq!(
                ours.root().as_slice(),
                theirs.root().as_bytes().as_slice(),
                "size {n}"
            );
            assert_eq!(
                Frontier::read(ours.size(), &ours.stored()),
                Ok(ours.clone())
            );
        }
    }

    #[test]
    fn the_empty_tree_has_the_hash_of_nothing() {
        let root = Frontier::default().root();
        assert_eq!(root.get(..4), Some([0xe3, 0xb0, 0xc4, 0x42].as_slice()));
    }

    #[test]
    fn a_frontier_that_does_not_fit_its_size_is_refused() {
        assert_eq!(Frontier::read(3, &[0; 32]), Err(BadFrontier));
        assert_eq!(Frontier::read(1, &[0; 33]), Err(BadFrontier));
    }
}
