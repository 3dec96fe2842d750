//! Flags, environment and file, folded into one value with the source of each part.

use std::path::PathBuf;

/// The flags that every verb takes.
#[derive(Clone, Debug, Default, PartialEq, Eq, clap::Args)]
#[command(next_help_heading = "Global options")]
pub struct Flags {
    /// The profile of the settings to use
    #[arg(long, global = true, value_name = "NAME")]
    pub profile: Option<String>,
    /// The publisher whose offers are meant
    #[arg(long, global = true, value_name = "ID")]
    pub publisher: Option<String>,
    /// The service: scheme, host and port alone
    #[arg(long, global = true, value_name = "ORIGIN")]
    pub base_url: Option<String>,
    /// The settings file
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Never send anything that changes something
    #[arg(long, global = true)]
    pub read_only: bool,
    /// Lines instead of a full screen
    #[arg(long, global = true)]
    pub plain: bool,
    /// Draw less on a slow line
    #[arg(long, global = true)]
    pub low_bandwidth: bool,
    /// Certificates to trust beside the system's
    #[arg(long, global = true, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// Where the log goes
    #[arg(long, global = true, value_name = "FILE")]
    pub log_file: Option<PathBuf>,
}
