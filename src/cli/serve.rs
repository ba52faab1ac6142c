//! `callsift serve`: a dataset's calls in a browser.

use super::args::Serve;
use super::language::Language;
use super::load::print_line;
use super::signals::stop_flag;
use super::{EXIT_IO, EXIT_OK, EXIT_SET_UP, no_dataset, print};
use crate::entities::mask_text;
use crate::serve::{ServeError, ServeOptions, Server, Token};
use std::net::SocketAddr;

/// Runs the command until a signal ends it; returns the exit code.
pub(super) fn run(args: &Serve, display: Language) -> u8 {
    let stop = stop_flag();
    let Some(options) = options(args, display) else { return EXIT_SET_UP };
    let token = options.token.clone();
    let served = Server::open(options).and_then(|server| {
        let code = print(&greeting(server.address(), &token, args), EXIT_OK);
        if code == EXIT_OK { server.run(&stop).map(|()| code) } else { Ok(code) }
    });
    match served {
        Ok(code) => code,
        Err(ServeError::Dataset(error)) => no_dataset(&args.dataset, &error),
        Err(error) => {
            print_line(&mask_text(&error.to_string()));
            if matches!(error, ServeError::Listen(..) | ServeError::Stopped(_)) { EXIT_IO } else { EXIT_SET_UP }
        }
    }
}

/// The options, or `None` where what is wrong with the token has been said.
fn options(args: &Serve, display: Language) -> Option<ServeOptions> {
    let token = match &args.token_file {
        None => Token::random().map_err(|error| print_line(&error.to_string())),
        Some(path) => Token::from_file(path)
            .map_err(|error| print_line(&mask_text(&format!("--token-file {}: {error}", path.display())))),
    };
    Some(ServeOptions {
        dataset: args.dataset.clone(),
        recordings: args.recordings.clone(),
        decoding: args.decoding.options(),
        listen: SocketAddr::new(args.listen.ip(), args.port.unwrap_or(args.listen.port())),
        allow_remote: args.allow_remote,
        hosts: args.allow_host.clone(),
        token: token.ok()?,
        access_log: args.access_log.clone(),
        user_header: args.user_header.clone(),
        language: args.language.unwrap_or(display),
    })
}

/// The address to open. A token that somebody gave is known, and not printed.
fn greeting(address: SocketAddr, token: &Token, args: &Serve) -> String {
    match &args.token_file {
        None => format!("Open http://{address}/?token={}\n", token.reveal()),
        Some(path) => {
            let file = mask_text(&path.display().to_string());
            format!("Listening at http://{address}/ (add ?token= and what is in {file} the first time)\n")
        }
    }
}
