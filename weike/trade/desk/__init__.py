"""The order desk: find orders, take them out as files, ship many by a sheet, list what to pick."""
