"""Language models behind one Protocol. Knows no Home Assistant."""
