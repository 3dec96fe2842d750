//! Decides what to ask the service and when, through ports that others implement.
