"""One till put together without a face."""
