//! A marketplace to practise on: a pure world, scenarios, and HTTP routes over it.
