//! Codecs of telephony: bytes to samples, without a file in sight.
//!
//! [`plain`] holds those where each sample stands alone, [`packets`] those that remember; the modules
//! beside them hold one codec each.

pub mod amr;
pub mod g711;
pub mod packets;
pub mod plain;

mod bits;
mod g722;
mod g726;
mod gsm;
mod ima;
mod ms;
mod oki;

#[cfg(test)]
mod reference;
