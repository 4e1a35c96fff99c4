//! A machine that runs programs, with a thread for each worker (level 1). Its ATOMIC_ADD reads, and then writes, which is its bug; with the argument "right" it
//! does both at once. Build it with: rustc --edition 2021 -O -o machine machine.rs
mod instructions;
mod json;
mod workers;

use instructions::{Function, Scope, Variables};
use json::{parse, Json};
use std::io::{BufRead, BufReader, Write};
use std::{env, fs::File, os::fd::FromRawFd, sync::Mutex};
use workers::Machine;

/// Variables as JSON.
fn shown(variables: &Variables) -> String {
    variables.iter().map(|(name, value)| format!("{name:?}:{value}")).collect::<Vec<_>>().join(",")
}

/// Runs a program, and returns what it showed as JSON.
fn run(workload: &Json, right: bool) -> String {
    let functions = workload.get("functions").list().iter().map(|f| (f.get("name").text().to_string(), Function::new(f))).collect();
    let machine = Machine { functions, shared: Mutex::default(), right };
    let (mut globals, mut output) = (Scope::default(), vec![]);
    let end = match machine.execute(&machine.functions["main"], 0, &mut globals, &mut Scope::default(), &mut output) {
        Ok((result, _)) => format!("\"result\":{result}"),
        Err(t) => format!("\"error\":{{\"kind\":{:?},\"function\":{:?},\"instruction\":{}}}", t.kind, t.function, t.pc),
    };
    let shared = machine.shared.into_inner().unwrap();
    format!("{{\"output\":{output:?},\"variables\":{{{}}},\"shared\":{{{}}},{end}}}", shown(&globals.values), shown(&shared))
}

fn main() {
    let right = env::args().any(|a| a == "right");
    // SAFETY: descriptors 3 and 4 are open, and nobody else's.
    let (requests, mut answers) = unsafe { (BufReader::new(File::from_raw_fd(3)), File::from_raw_fd(4)) };
    writeln!(answers, r#"{{"protocol":1,"name":"machine.rs","kinds":["program"],"levels":[1]}}"#).unwrap();
    for line in requests.lines().map_while(Result::ok) {
        let request = parse(&line);
        writeln!(answers, r#"{{"id":{},"observation":{}}}"#, request.get("id"), run(request.get("workload"), right)).unwrap();
    }
}
