"""Write docs/api.md, docs/asyncapi.json and docs/openapi.json from the code."""
