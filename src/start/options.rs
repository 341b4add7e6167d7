//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::prelude::*;

use crate::domain::ApiUrl;
use crate::settings::RendererChoice;

const HELP: &str = "\
SkyBackup shows, schedules and exports the backups of MariaDB SkySQL databases.

Usage: skybackup [options]

  --demo               Open on the embedded demo service; nothing leaves this computer
  --demo-backups N     Let the demo service have N backups (with --demo)
  --api-url URL        Talk to this address instead of https://api.skysql.com
  --data-dir DIR       Keep settings, records and logs below DIR
  --renderer NAME      Draw the window with glow or wgpu first
  --version            Print the version
  --help               Print this help

Environment:
  SKYSQL_API_KEY       A key for this run only; it is not stored
  SKYBACKUP_LOG        How much is logged: error, warn, info, debug or trace";

/// The most backups the demo service can be asked for.
const DEMO_BACKUPS_MAX: usize = 1_000_000;

/// What the command line asks of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Open on the embedded demo service.
    pub demo: bool,
    /// How many backups the demo service has; `None` is its usual world.
    pub demo_backups: Option<usize>,
    /// The API's base address for this run.
    pub api_url: Option<ApiUrl>,
    /// Where settings, records and logs go instead of the usual places.
    pub data_dir: Option<PathBuf>,
    /// The renderer to try first; `Auto` when nothing was asked.
    pub renderer: RendererChoice,
}

/// What to do with a command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parsed {
    /// Open the window.
    Run(Options),
    /// Print this text to standard output and leave with 0.
    Print(String),
    /// Print this sentence to standard error and leave with 2.
    Wrong(String),
}

/// Reads the arguments that follow the program's name.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Parsed {
    let mut parser = lexopt::Parser::from_args(arguments);
    read(&mut parser).unwrap_or_else(|message| Parsed::Wrong(format!("{message}; --help lists the options")))
}

fn read(parser: &mut lexopt::Parser) -> Result<Parsed, String> {
    let mut options = Options::default();
    while let Some(argument) = parser.next().map_err(to_message)? {
        match argument {
            Long("help") | Short('h') => return Ok(Parsed::Print(HELP.to_owned())),
            Long("version") | Short('V') => {
                return Ok(Parsed::Print(format!("skybackup {}", env!("CARGO_PKG_VERSION"))));
            }
            Long("demo") => options.demo = true,
            Long("demo-backups") => options.demo_backups = Some(backups(&text_of(parser)?)?),
            Long("api-url") => {
                let url = ApiUrl::parse(&text_of(parser)?);
                options.api_url = Some(url.map_err(|error| format!("--api-url: {error}"))?);
            }
            Long("data-dir") => options.data_dir = Some(folder(parser.value().map_err(to_message)?)?),
            Long("renderer") => options.renderer = renderer(&text_of(parser)?)?,
            other => return Err(to_message(other.unexpected())),
        }
    }
    if options.demo && options.api_url.is_some() {
        return Err("--demo and --api-url cannot be used together".to_owned());
    }
    if options.demo_backups.is_some() && !options.demo {
        return Err("--demo-backups needs --demo".to_owned());
    }
    Ok(Parsed::Run(options))
}

fn text_of(parser: &mut lexopt::Parser) -> Result<String, String> {
    parser.value().and_then(ValueExt::string).map_err(to_message)
}

#[expect(clippy::needless_pass_by_value, reason = "it is used in map_err")]
fn to_message(error: lexopt::Error) -> String {
    error.to_string()
}

fn backups(text: &str) -> Result<usize, String> {
    let count = text.parse().ok().filter(|count| *count <= DEMO_BACKUPS_MAX);
    count.ok_or_else(|| format!("--demo-backups takes a number up to {DEMO_BACKUPS_MAX}, not {text:?}"))
}

/// Made absolute, so that it stays the same place when the working folder changes.
fn folder(text: OsString) -> Result<PathBuf, String> {
    let dir = PathBuf::from(text);
    if dir.as_os_str().is_empty() {
        return Err("--data-dir takes a folder".to_owned());
    }
    Ok(std::path::absolute(&dir).unwrap_or(dir))
}

fn renderer(text: &str) -> Result<RendererChoice, String> {
    match text {
        "glow" => Ok(RendererChoice::Glow),
        "wgpu" => Ok(RendererChoice::Wgpu),
        _ => Err(format!("--renderer takes glow or wgpu, not {text:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::KEY_VARIABLE;

    fn parsed(line: &str) -> Parsed {
        parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn good_lines() {
        let run = Options::default;
        let url = |text| Some(ApiUrl::parse(text).unwrap());
        for (line, expected) in [
            ("", run()),
            ("--demo", Options { demo: true, ..run() }),
            ("--demo --demo-backups 1000000", Options { demo: true, demo_backups: Some(1_000_000), ..run() }),
            ("--demo-backups=7 --demo", Options { demo: true, demo_backups: Some(7), ..run() }),
            ("--api-url http://127.0.0.1:8080/", Options { api_url: url("http://127.0.0.1:8080"), ..run() }),
            (
                "--data-dir /somewhere --renderer glow",
                Options {
                    data_dir: Some(std::path::absolute("/somewhere").unwrap()),
                    renderer: RendererChoice::Glow,
                    ..run()
                },
            ),
            ("--renderer=wgpu", Options { renderer: RendererChoice::Wgpu, ..run() }),
        ] {
            assert_eq!(parsed(line), Parsed::Run(expected), "{line}");
        }
    }

    #[test]
    fn wrong_lines_name_the_option() {
        for (line, part) in [
            ("--dmeo", "--dmeo"),
            ("backups", "backups"),
            ("--api-url", "--api-url"),
            ("--api-url http://example.com", "--api-url"),
            ("--api-url not-an-address", "--api-url"),
            ("--renderer vulkan", "vulkan"),
            ("--demo --demo-backups -1", "--demo-backups"),
            ("--demo --demo-backups 1000001", "--demo-backups"),
            ("--demo-backups 5", "needs --demo"),
            ("--demo --api-url https://api.skysql.com", "together"),
            ("--data-dir=", "folder"),
            ("--demo=yes", "--demo"),
        ] {
            let Parsed::Wrong(sentence) = parsed(line) else {
                panic!("accepted: {line}");
            };
            assert!(sentence.contains(part), "{line}: {sentence}");
            assert!(!sentence.contains('\n'), "{sentence}");
        }
    }

    #[test]
    fn a_relative_data_dir_becomes_a_fixed_place() {
        let Parsed::Run(options) = parsed("--data-dir some/where") else {
            panic!("refused");
        };
        let dir = options.data_dir.unwrap();
        assert!(dir.is_absolute() && dir.ends_with("some/where"));
    }

    #[test]
    fn help_and_version_win_and_help_knows_every_option() {
        for line in ["--help", "-h", "--demo --help"] {
            let Parsed::Print(text) = parsed(line) else {
                panic!("{line}");
            };
            for option in [
                "--demo",
                "--demo-backups",
                "--api-url",
                "--data-dir",
                "--renderer",
                "--version",
                "--help",
                KEY_VARIABLE,
            ] {
                assert!(text.contains(option), "{option}");
            }
        }
        let version = Parsed::Print(format!("skybackup {}", env!("CARGO_PKG_VERSION")));
        assert_eq!(parsed("--version"), version);
    }
}
