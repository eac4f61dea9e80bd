"""Runs a trained network: torch or ONNX Runtime behind one small protocol."""
