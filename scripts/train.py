#!/usr/bin/env python
"""Trains a model: `python scripts/train.py [experiment=default] [key=value …]`; the keys are in conf/."""

from stance.training.main import main

if __name__ == "__main__":
    main()
