"""Tests of the component; a package, so that its helpers can be shared."""
