"""Label Studio: a server of our own, projects, tasks, predictions, exports and the model server that it calls."""
