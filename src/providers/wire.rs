//! What the vendors' wire forms share: flattening, and values as text.
