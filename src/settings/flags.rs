//! The flags that every verb takes.

use std::path::PathBuf;

/// What a command line may say about where to go and how to show it. No secret is ever a flag.
#[derive(Clone, Debug, Default, PartialEq, Eq, clap::Args)]
#[command(next_help_heading = "Global options")]
pub struct Flags {
    /// The profile of the settings file
    #[arg(long, global = true, value_name = "NAME")]
    pub profile: Option<String>,

    /// The publisher whose offers are meant
    #[arg(long, global = true, value_name = "ID")]
    pub publisher: Option<String>,

    /// The service: scheme, host and port alone
    #[arg(long, global = true, value_name = "ORIGIN")]
    pub base_url: Option<String>,

    /// Another settings file
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Look, and never cancel: covers every profile
    #[arg(long, global = true)]
    pub read_only: bool,

    /// Lines of text instead of a screen, in ASCII alone
    #[arg(long, global = true)]
    pub plain: bool,

    /// Draw rarely, for a slow line
    #[arg(long, global = true)]
    pub low_bandwidth: bool,

    /// More certificates to trust, in PEM
    #[arg(long, global = true, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,

    /// Where to write the log
    #[arg(long, global = true, value_name = "FILE")]
    pub log_file: Option<PathBuf>,
}
