"""The memory inside Home Assistant: what goes into it, who may see it, how it is looked after."""
