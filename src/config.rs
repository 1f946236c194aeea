//! What is in force, and where it comes from: defaults, then a TOML file, then the environment.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::ledger::{LedgerMode, MasterKey, MasterKeyError, StoreLocation};

/// Why the configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("the configuration file {path} cannot be read: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        source: std::io::Error,
    },
    /// The file is not what it should be: the message names line and key.
    #[error("the configuration file {path} is not valid: {message}")]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// A value cannot be used.
    #[error("{setting}: {message}")]
    Value {
        /// The setting.
        setting: &'static str,
        /// What is wrong.
        message: String,
    },
    /// The master key cannot be used.
    #[error(transparent)]
    Key(#[from] MasterKeyError),
}

/// Where a setting's value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The program's default.
    Default,
    /// The TOML file.
    File,
    /// The environment.
    Environment,
}

/// A setting's name in the file, its variable, its default, whether it is a secret, and what it means.
struct Setting {
    name: &'static str,
    variable: &'static str,
    default: Option<&'static str>,
    secret: bool,
    meaning: &'static str,
}

const SETTINGS: [Setting; 8] = [
    Setting {
        name: "listen",
        variable: "OKAERI_LISTEN",
        default: Some("127.0.0.1:8080"),
        secret: false,
        meaning: "address and port to serve on",
    },
    Setting {
        name: "data_dir",
        variable: "OKAERI_DATA_DIR",
        default: Some("./okaeri-data"),
        secret: false,
        meaning: "directory of the embedded store and of its key",
    },
    Setting {
        name: "database_url",
        variable: "DATABASE_URL",
        default: None,
        secret: true,
        meaning: "PostgreSQL 15 or later; without it the embedded store is used",
    },
    Setting {
        name: "master_key",
        variable: "OKAERI_MASTER_KEY",
        default: None,
        secret: true,
        meaning: "32 bytes in base64; required with database_url",
    },
    Setting {
        name: "trial",
        variable: "OKAERI_TRIAL",
        default: None,
        secret: false,
        meaning: "1: a trial ledger on PostgreSQL",
    },
    Setting {
        name: "oidc_issuer",
        variable: "OKAERI_OIDC_ISSUER",
        default: None,
        secret: false,
        meaning: "OpenID Connect issuer; makes the ledger a live one",
    },
    Setting {
        name: "oidc_audience",
        variable: "OKAERI_OIDC_AUDIENCE",
        default: Some("okaeri"),
        secret: false,
        meaning: "audience that tokens must name",
    },
    Setting {
        name: "log",
        variable: "OKAERI_LOG",
        default: Some("info"),
        secret: false,
        meaning: "log filter, such as info or okaeri=debug",
    },
];

/// The variable that names the TOML file.
const CONFIG_VARIABLE: &str = "OKAERI_CONFIG";

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileSettings {
    listen: Option<String>,
    data_dir: Option<String>,
    database_url: Option<String>,
    master_key: Option<String>,
    trial: Option<bool>,
    oidc_issuer: Option<String>,
    oidc_audience: Option<String>,
    log: Option<String>,
}

impl FileSettings {
    fn get(&self, name: &str) -> Option<String> {
        match name {
            "listen" => self.listen.clone(),
            "data_dir" => self.data_dir.clone(),
            "database_url" => self.database_url.clone(),
            "master_key" => self.master_key.clone(),
            "trial" => self.trial.map(|trial| u8::from(trial).to_string()),
            "oidc_issuer" => self.oidc_issuer.clone(),
            "oidc_audience" => self.oidc_audience.clone(),
            "log" => self.log.clone(),
            _ => None,
        }
    }
}

/// The configuration in force.
#[derive(Clone, Debug)]
pub struct Config {
    values: BTreeMap<&'static str, (String, Origin)>,
    file: Option<PathBuf>,
    unknown_variables: Vec<String>,
}

impl Config {
    /// Reads file and environment of this process.
    pub fn load() -> Result<Self, ConfigError> {
        Self::from_environment(&std::env::vars().collect())
    }

    /// Reads the file that an environment names, then the environment itself.
    pub fn from_environment(environment: &BTreeMap<String, String>) -> Result<Self, ConfigError> {
        let named = environment.get(CONFIG_VARIABLE).filter(|path| !path.is_empty()).map(PathBuf::from);
        let file = named.or_else(|| Some(PathBuf::from("okaeri.toml")).filter(|path| path.exists()));
        let from_file = match &file {
            None => FileSettings::default(),
            Some(path) => {
                let text = std::fs::read_to_string(path)
                    .map_err(|source| ConfigError::Unreadable { path: path.clone(), source })?;
                toml::from_str(&text)
                    .map_err(|error| ConfigError::Invalid { path: path.clone(), message: error.to_string() })?
            }
        };
        let mut values = BTreeMap::new();
        for setting in &SETTINGS {
            let value = environment
                .get(setting.variable)
                .filter(|value| !value.is_empty())
                .map(|value| (value.clone(), Origin::Environment))
                .or_else(|| from_file.get(setting.name).map(|value| (value, Origin::File)))
                .or_else(|| setting.default.map(|value| (value.to_owned(), Origin::Default)));
            values.extend(value.map(|value| (setting.name, value)));
        }
        let unknown_variables = environment
            .keys()
            .filter(|name| name.starts_with("OKAERI_") && *name != CONFIG_VARIABLE)
            .filter(|name| !SETTINGS.iter().any(|setting| setting.variable == name.as_str()))
            .cloned()
            .collect();
        let config = Self { values, file, unknown_variables };
        config.listen()?;
        config.mode()?;
        Ok(config)
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(|(value, _)| value.as_str())
    }

    /// Address and port to serve on.
    pub fn listen(&self) -> Result<SocketAddr, ConfigError> {
        let text = self.get("listen").unwrap_or_default();
        text.parse().map_err(|_| ConfigError::Value {
            setting: "listen (OKAERI_LISTEN)",
            message: format!("{text:?} is not an address and port such as 127.0.0.1:8080"),
        })
    }

    /// The log filter.
    pub fn log(&self) -> &str {
        self.get("log").unwrap_or("info")
    }

    /// The directory of the embedded store.
    pub fn data_dir(&self) -> &Path {
        Path::new(self.get("data_dir").unwrap_or("./okaeri-data"))
    }

    /// Which store is used.
    pub fn location(&self) -> StoreLocation {
        match self.get("database_url") {
            Some(url) => StoreLocation::Postgres(url.to_owned()),
            None => StoreLocation::Directory(self.data_dir().to_owned()),
        }
    }

    /// The issuer and audience of a live ledger.
    pub fn oidc(&self) -> Option<(&str, &str)> {
        self.get("oidc_issuer").map(|issuer| (issuer, self.get("oidc_audience").unwrap_or("okaeri")))
    }

    /// Trial or live: an issuer makes a ledger live, a trial on PostgreSQL has to be asked for, and a trial listens on
    /// loopback only.
    pub fn mode(&self) -> Result<LedgerMode, ConfigError> {
        let asked = match self.get("trial") {
            None | Some("0" | "false") => false,
            Some("1" | "true") => true,
            Some(other) => {
                return Err(ConfigError::Value {
                    setting: "trial (OKAERI_TRIAL)",
                    message: format!("{other:?} is neither 1 nor 0"),
                });
            }
        };
        let refuse = |setting, message: &str| Err(ConfigError::Value { setting, message: message.to_owned() });
        if self.get("oidc_issuer").is_some() {
            if asked {
                return refuse("trial (OKAERI_TRIAL)", "a trial ledger refuses an OIDC issuer; set one or the other");
            }
            return Ok(LedgerMode::Live);
        }
        if self.get("database_url").is_some() && !asked {
            return refuse(
                "oidc_issuer (OKAERI_OIDC_ISSUER)",
                "a live ledger needs an OIDC issuer; for a trial on PostgreSQL set OKAERI_TRIAL=1",
            );
        }
        if !self.listen()?.ip().is_loopback() {
            return refuse("listen (OKAERI_LISTEN)", "a trial ledger listens on loopback only");
        }
        Ok(LedgerMode::Trial)
    }

    /// The master key: given, or with the embedded store kept in its directory.
    pub fn master_key(&self) -> Result<MasterKey, ConfigError> {
        match (self.get("master_key"), self.get("database_url")) {
            (Some(text), _) => Ok(MasterKey::parse(text)?),
            (None, None) => Ok(MasterKey::load_or_make(self.data_dir())?),
            (None, Some(_)) => Err(ConfigError::Value {
                setting: "master_key (OKAERI_MASTER_KEY)",
                message: "is required with DATABASE_URL; `okaeri keys generate` makes one".to_owned(),
            }),
        }
    }

    /// Variables that look like settings and are none.
    pub fn unknown_variables(&self) -> &[String] {
        &self.unknown_variables
    }

    /// What is in force and where it comes from, secrets masked.
    pub fn describe(&self) -> String {
        let mut out = String::new();
        for setting in &SETTINGS {
            let (value, origin) = match self.values.get(setting.name) {
                None => ("(not set)".to_owned(), "-".to_owned()),
                Some((value, origin)) => {
                    let shown = if setting.secret { "********".to_owned() } else { value.clone() };
                    let origin = match origin {
                        Origin::Default => "default".to_owned(),
                        Origin::File => self.file.as_ref().map_or_else(String::new, |path| path.display().to_string()),
                        Origin::Environment => format!("environment {}", setting.variable),
                    };
                    (shown, origin)
                }
            };
            let _ =
                out.write_fmt(format_args!("{:<14} {:<32} {:<34} {}\n", setting.name, value, origin, setting.meaning));
        }
        for name in &self.unknown_variables {
            let _ = out.write_fmt(format_args!("{name} is not a setting of okaeri and has no effect\n"));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::Config;
    use crate::ledger::LedgerMode;

    fn config(pairs: &[(&str, &str)]) -> Result<Config, super::ConfigError> {
        let environment: BTreeMap<String, String> =
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Config::from_environment(&environment)
    }

    #[test]
    fn without_settings_it_is_a_trial_on_loopback() {
        let config = config(&[]).unwrap();
        assert_eq!(config.mode().unwrap(), LedgerMode::Trial);
        assert_eq!(config.listen().unwrap().to_string(), "127.0.0.1:8080");
    }

    #[test]
    fn trial_and_live_exclude_each_other() {
        assert_eq!(config(&[("OKAERI_OIDC_ISSUER", "https://id.example")]).unwrap().mode().unwrap(), LedgerMode::Live);
        assert!(config(&[("OKAERI_OIDC_ISSUER", "https://id.example"), ("OKAERI_TRIAL", "1")]).is_err());
        assert!(config(&[("DATABASE_URL", "postgres://x/y")]).is_err());
        assert!(config(&[("DATABASE_URL", "postgres://x/y"), ("OKAERI_TRIAL", "1")]).is_ok());
        assert!(config(&[("OKAERI_LISTEN", "0.0.0.0:8080")]).is_err());
    }

    #[test]
    fn secrets_are_masked_and_unknown_names_are_told() {
        let config = config(&[("OKAERI_MASTER_KEY", "c2VjcmV0"), ("OKAERI_LITSEN", "x")]).unwrap();
        let shown = config.describe();
        assert!(!shown.contains("c2VjcmV0") && shown.contains("********"));
        assert!(shown.contains("OKAERI_LITSEN is not a setting"));
    }

    #[test]
    fn an_unknown_key_in_the_file_is_an_error_that_names_it() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("okaeri.toml");
        std::fs::write(&path, "listen = \"127.0.0.1:9000\"\nlitsen = 1\n").unwrap();
        let path = path.display().to_string();
        let error = config(&[("OKAERI_CONFIG", &path)]).unwrap_err().to_string();
        assert!(error.contains("litsen"), "{error}");
    }
}
