"""Run the tests of every part and sum them up."""
