//! A request as a curl command, for each of the shells it may be pasted into. Every secret is a variable of the shell.

use std::fmt::Write as _;

use super::request::{Request, SecretText};
use crate::domain::ApiUrl;

/// The shell a command is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shell {
    /// `sh`, bash, zsh and the like, also Git Bash.
    Posix,
    /// PowerShell 5.1 and later, on every system.
    PowerShell,
    /// The prompt of `cmd.exe`; in a batch file percent signs mean something else.
    CommandPrompt,
}

impl Shell {
    /// All of them, that of this system first.
    pub const ALL: [Self; 3] = if cfg!(windows) {
        [Self::PowerShell, Self::CommandPrompt, Self::Posix]
    } else {
        [Self::Posix, Self::PowerShell, Self::CommandPrompt]
    };

    /// The name of the shell on screen.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Posix => "Bash and other POSIX shells",
            Self::PowerShell => "PowerShell",
            Self::CommandPrompt => "Command Prompt (cmd)",
        }
    }
}

/// The command that sends the request, whose body has the names of variables in place of secrets.
pub(super) fn curl_command(request: &Request, base: &ApiUrl, shell: Shell) -> String {
    let (method, url, content_type) = (request.method_name(), request.url(base), Request::CONTENT_TYPE);
    let body = request.body.as_ref().map(ToString::to_string).unwrap_or_default();
    let parts = body_parts(&body);
    let joined = |separator: &str, part: &dyn Fn(&BodyPart<'_>) -> String| {
        parts.iter().map(part).collect::<Vec<_>>().join(separator)
    };
    match shell {
        Shell::Posix => {
            let url = posix_quoted(&url);
            let body = joined("", &|part| match part {
                BodyPart::Text(text) => posix_quoted(text),
                BodyPart::Variable(name) => format!("\"${name}\""),
            });
            format!(
                "curl --request {method} {url} \\\n  --header \"X-API-Key: $SKYSQL_API_KEY\" \\\n  --header 'Content-Type: {content_type}' \\\n  --data {body}"
            )
        }
        // By standard input, because version 5.1 loses the quotes inside an argument. There, `curl` is another program.
        Shell::PowerShell => {
            let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
            let url = quoted(&url);
            let body = joined(" + ", &|part| match part {
                BodyPart::Text(text) => quoted(&ascii_json(text)),
                BodyPart::Variable(name) => format!("$env:{name}"),
            });
            format!(
                "{body} | curl.exe --request {method} {url} `\n  --header \"X-API-Key: $env:SKYSQL_API_KEY\" `\n  --header 'Content-Type: {content_type}' `\n  --data-binary '@-'"
            )
        }
        Shell::CommandPrompt => {
            let escaped = |text: &str| prompt_escaped(&argument_escaped(text));
            let url = escaped(&url);
            let body = joined("", &|part| match part {
                BodyPart::Text(text) => escaped(&ascii_json(text)),
                BodyPart::Variable(name) => format!("%{name}%"),
            });
            format!(
                "curl --request {method} ^\"{url}^\" ^\n  --header ^\"X-API-Key: %SKYSQL_API_KEY%^\" ^\n  --header ^\"Content-Type: {content_type}^\" ^\n  --data ^\"{body}^\""
            )
        }
    }
}

/// A stretch of a body.
enum BodyPart<'a> {
    /// JSON as it is.
    Text(&'a str),
    /// A secret, by the name of its variable.
    Variable(&'static str),
}

/// The body, taken apart at its secrets.
fn body_parts(body: &str) -> Vec<BodyPart<'_>> {
    let mut parts = Vec::new();
    let mut rest = body;
    loop {
        // Quotes inside a value are escaped in JSON, so these words with their quotes are only in the field itself.
        let next = SecretText::VARIABLES.into_iter().filter_map(|(field, variable)| {
            let before = format!("\"{field}\":\"");
            Some((rest.find(&format!("{before}{variable}\""))? + before.len(), variable))
        });
        let Some((at, variable)) = next.min() else { break };
        let (text, after) = rest.split_at_checked(at).unwrap_or((rest, ""));
        parts.push(BodyPart::Text(text));
        parts.push(BodyPart::Variable(variable));
        rest = after.strip_prefix(variable).unwrap_or_default();
    }
    parts.push(BodyPart::Text(rest));
    parts
}

/// In single quotes, each quote inside written as `'\''`.
fn posix_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Inside the quotes of an argument, as programs of Windows take their command line apart: a quote has a backslash before it, and
/// backslashes count double where a quote follows.
fn argument_escaped(text: &str) -> String {
    let (mut escaped, mut backslashes) = (String::with_capacity(text.len()), 0);
    for char in text.chars() {
        if char == '"' {
            escaped.extend(std::iter::repeat_n('\\', backslashes + 1));
        }
        backslashes = if char == '\\' { backslashes + 1 } else { 0 };
        escaped.push(char);
    }
    // The quote that ends the argument follows.
    escaped.extend(std::iter::repeat_n('\\', backslashes));
    escaped
}

/// With a caret before every character that means something at the prompt, quotes too, so that none begins a quoted part.
fn prompt_escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        if "()%!^\"<>&|".contains(char) {
            escaped.push('^');
        }
        escaped.push(char);
    }
    escaped
}

/// JSON in ASCII alone: no code page changes it, and PowerShell takes typographic quotes for quotes.
fn ascii_json(json: &str) -> String {
    let mut ascii = String::with_capacity(json.len());
    for char in json.chars() {
        if char.is_ascii() && char != '\u{7f}' {
            ascii.push(char);
        } else {
            for unit in char.encode_utf16(&mut [0; 2]) {
                // Writing to a text never fails.
                let _ = write!(ascii, "\\u{unit:04x}");
            }
        }
    }
    ascii
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{BackupType, Recurrence, ServiceId};
    use crate::draft::NewSchedule;
    use crate::secrets::{ExternalStorage, StorageCredentials};

    fn command(bucket: &str, shell: Shell) -> String {
        let credentials = StorageCredentials::from_s3("AKIATESTTESTTEST", "s3cr3t", "eu-west-1").ok();
        let new = NewSchedule {
            service_id: ServiceId::new("dbpgf41870263"),
            backup_type: BackupType::Full,
            recurrence: Recurrence::Cron("0 2 * * 1-5".into()),
            storage: Some(ExternalStorage { bucket: bucket.to_owned(), credentials }),
        };
        let request = Request::create_schedule(&new, SecretText::Variable);
        curl_command(&request, &ApiUrl::parse("http://127.0.0.1:8080").unwrap(), shell)
    }

    #[test]
    fn each_shell_is_given_the_command_in_its_own_quotes_with_variables_for_secrets() {
        let posix = concat!(
            "curl --request POST 'http://127.0.0.1:8080/skybackup/v1/backups/schedules' \\\n",
            "  --header \"X-API-Key: $SKYSQL_API_KEY\" \\\n",
            "  --header 'Content-Type: application/json' \\\n",
            "  --data '{\"backup_type\":\"full\",\"external_storage\":{\"bucket\":{\"credentials\":\"'\"$STORAGE_CREDENTIALS\"'\",",
            "\"path\":\"s3://it'\\''s/ü\"}},\"schedule\":\"0 2 * * 1-5\",\"service_id\":\"dbpgf41870263\"}'",
        );
        assert_eq!(command("s3://it's/ü", Shell::Posix), posix);
        let power_shell = concat!(
            "'{\"backup_type\":\"full\",\"external_storage\":{\"bucket\":{\"credentials\":\"' + $env:STORAGE_CREDENTIALS + '\",",
            "\"path\":\"s3://it''s/\\u00fc\\u2019\"}},\"schedule\":\"0 2 * * 1-5\",\"service_id\":\"dbpgf41870263\"}'",
            " | curl.exe --request POST 'http://127.0.0.1:8080/skybackup/v1/backups/schedules' `\n",
            "  --header \"X-API-Key: $env:SKYSQL_API_KEY\" `\n",
            "  --header 'Content-Type: application/json' `\n",
            "  --data-binary '@-'",
        );
        assert_eq!(command("s3://it's/ü\u{2019}", Shell::PowerShell), power_shell);
        let prompt = concat!(
            "curl --request POST ^\"http://127.0.0.1:8080/skybackup/v1/backups/schedules^\" ^\n",
            "  --header ^\"X-API-Key: %SKYSQL_API_KEY%^\" ^\n",
            "  --header ^\"Content-Type: application/json^\" ^\n",
            "  --data ^\"{\\^\"backup_type\\^\":\\^\"full\\^\",\\^\"external_storage\\^\":{\\^\"bucket\\^\":",
            "{\\^\"credentials\\^\":\\^\"%STORAGE_CREDENTIALS%\\^\",\\^\"path\\^\":\\^\"s3://a^&b^%\\\\\\\\\\\\\\^\"\\ud83d\\ude00\\^\"}},",
            "\\^\"schedule\\^\":\\^\"0 2 * * 1-5\\^\",\\^\"service_id\\^\":\\^\"dbpgf41870263\\^\"}^\"",
        );
        assert_eq!(command("s3://a&b%\\\"😀", Shell::CommandPrompt), prompt);
    }
}
