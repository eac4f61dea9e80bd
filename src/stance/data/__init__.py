"""Annotated articles on their way into training: loading, splits, augmentation, features, batches."""
