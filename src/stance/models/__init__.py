"""The network, its configuration, and where its encoders come from."""
