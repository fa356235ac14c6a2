"""One table (一表通): a bureau's form is a query over the registry plus the few facts that are missing."""
