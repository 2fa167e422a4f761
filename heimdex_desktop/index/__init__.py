"""The searchable copy of all sidecars: the only home of LanceDB and pyarrow."""
