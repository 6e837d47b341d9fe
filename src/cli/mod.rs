//! The command line: one file for each sort of command.

pub mod args;
pub mod books;
mod clients;
pub mod copies;
pub mod files;
pub mod grants;
pub mod import;
pub mod import_args;
pub mod import_run;
mod keys;
pub mod korean;
pub mod logging;
pub mod report;
pub mod say;
pub mod serve;
pub mod users;

use std::path::Path;

use clap::{CommandFactory, FromArgMatches};
use sangsaeng::config::{self, Lang, Settings, Source};

use args::{ClientCommand, Command, KeysCommand, Line, UserCommand};
use logging::Telling;
use say::{Failed, Said, said, wrong};

/// Reads the command line and does what it says. Returns the process's exit code.
pub fn run() -> u8 {
    let environment = Source::environment();
    let lang = spoken_language(&environment);
    let command = korean::in_language(Line::command(), lang);
    let line = match command
        .try_get_matches()
        .and_then(|m| Line::from_arg_matches(&m))
    {
        Ok(line) => line,
        Err(error) => return misread(&error, lang),
    };
    let done = settle(&line, environment).and_then(|settings| {
        let _telling = Telling::start(&settings)?;
        act(&line, &settings)
    });
    match done {
        Ok(()) => 0,
        Err(Failed { code, said }) => {
            eprintln!("{}", said.text(lang));
            code
        }
    }
}

/// Prints help, or what is wrong with the command line.
fn misread(error: &clap::Error, lang: Lang) -> u8 {
    if error.use_stderr() && lang == Lang::Ko {
        eprintln!("{}", korean::korean_fault(error));
    } else {
        drop(error.print());
    }
    if error.use_stderr() { say::WRONG } else { 0 }
}

/// The language, told before the command line is read, so that its own faults are in it too.
fn spoken_language(environment: &Source) -> Lang {
    let mut words = std::env::args().skip(1);
    let mut flags = Source::default();
    while let Some(word) = words.next() {
        match word.strip_prefix("--lang") {
            Some("") => flags.lang = words.next(),
            Some(value) => flags.lang = value.strip_prefix('=').map(str::to_owned),
            None => {}
        }
    }
    config::language(&flags, environment)
}

fn settle(line: &Line, environment: Source) -> Result<Settings, Failed> {
    let file = Source::file(Path::new(config::FILE));
    let settings = file.and_then(|file| config::settle(line.flags(), environment, file));
    settings.map_err(|error| wrong(error.text(Lang::En), error.text(Lang::Ko)))
}

fn act(line: &Line, settings: &Settings) -> Result<(), Failed> {
    let lang = settings.lang;
    let mut say = move |said: &Said| println!("{}", said.text(lang));
    let mut whisper = move |said: &Said| eprintln!("{}", said.text(lang));
    match &line.command {
        Command::Demo { json, no_serve } => serve::demo(settings, *json, *no_serve, &mut whisper),
        Command::Serve { no_migrate } => serve::serve(settings, *no_migrate, &mut whisper),
        Command::Migrate { grant_to } => migrate(settings, grant_to.as_deref(), &mut say),
        Command::Keys {
            command: KeysCommand::Init { dir },
        } => keys::make(dir, &mut say),
        Command::Keys {
            command: KeysCommand::Rotate { dir, after, leaked },
        } => keys::rotate(dir, *after, *leaked, &mut say),
        Command::User {
            command:
                UserCommand::Create {
                    email,
                    roles,
                    password_stdin,
                },
        } => users::create(settings, email, roles, *password_stdin, &mut say),
        Command::Client {
            command: ClientCommand::Create { partner, programs },
        } => clients::create(settings, partner, programs, &mut say),
        Command::Import(args) => import::import(settings, args, &mut say),
        Command::Report(args) => report::report(settings, args),
        Command::Verify => report::verify(settings),
        Command::Openapi => report::openapi(),
        Command::Backup { file } => copies::back_up(settings, file, &mut say),
        Command::Copy { from, to } => copies::carry(settings, (from, to), &mut say),
        Command::Restore { file } => copies::restore(settings, file, &mut say),
    }
}

fn migrate(
    settings: &Settings,
    grant_to: Option<&str>,
    say: &mut dyn FnMut(&Said),
) -> Result<(), Failed> {
    if let Some(role) = grant_to {
        grants::refuse_unfit(settings, role)?;
    }
    let mut any = false;
    books::settle_schema(settings, books::Schema::Migrate, &mut |said| {
        any = true;
        say(said);
    })?;
    if !any {
        say(&said("The schema is up to date.", "스키마가 최신입니다."));
    }
    grant_to.map_or(Ok(()), |role| grants::give(settings, role, say))
}
