//! The service's side of the ports: requests, wire forms, addresses, errors and tokens.
