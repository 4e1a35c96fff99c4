//! A register that threads share (level 1). A compare-and-set looks, and then sets without looking again, which is its bug; with the argument "right" it
//! does both at once. Build it with: rustc -O -o register register.rs
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::os::fd::FromRawFd;
use std::sync::atomic::{AtomicI64, Ordering::SeqCst};
use std::sync::Barrier;
use std::{env, thread, time::Duration};

struct Call { op: char, value: i64, old: i64 }

/// The number behind a name; 0 if the name is not there.
fn number(text: &str, name: &str) -> i64 {
    let digits = |t: &str| t.chars().take_while(|c| c.is_ascii_digit() || *c == '-').collect::<String>();
    text.split_once(name).map_or(0, |(_, rest)| digits(rest).parse().unwrap_or(0))
}

/// Reads {"clients":[[{"op":"cas","value":2,"old":1},…],…]}: brackets are clients, braces are calls.
fn clients(text: &str) -> Vec<Vec<Call>> {
    let (_, list) = text.split_once("\"clients\":[").unwrap();
    let call = |c: &str| {
        let (_, op) = c.split_once("\"op\":\"")?;
        Some(Call { op: op.chars().next()?, value: number(c, "\"value\":"), old: number(c, "\"old\":") })
    };
    list.split(']').filter_map(|c| c.split_once('[')).map(|(_, calls)| calls.split('}').filter_map(call).collect()).collect()
}

const PAUSE: Duration = Duration::from_micros(200); // in which others get on, however many processors there are

/// Whether the register had the old value, and has the new one now.
fn compare_and_set(cell: &AtomicI64, c: &Call, right: bool) -> bool {
    if right {
        return cell.compare_exchange(c.old, c.value, SeqCst, SeqCst).is_ok();
    }
    let same = cell.load(SeqCst) == c.old;
    thread::sleep(PAUSE);
    if same {
        cell.store(c.value, SeqCst);
    }
    same
}

/// Each client's calls on a thread of its own, as JSON.
fn run<'c>(clients: &'c [Vec<Call>], right: bool) -> Vec<String> {
    let (cell, clock, ready) = (AtomicI64::new(0), AtomicI64::new(0), Barrier::new(clients.len().max(1)));
    let call = |client: usize, c: &Call| {
        let invoked = clock.fetch_add(1, SeqCst);
        let (mut value, mut ok) = (0, false);
        match c.op {
            'r' => value = cell.load(SeqCst),
            'w' => cell.store(c.value, SeqCst),
            _ => ok = compare_and_set(&cell, c, right),
        }
        thread::sleep(PAUSE);
        let returned = clock.fetch_add(1, SeqCst);
        format!("{{\"client\":{client},\"invoked\":{invoked},\"returned\":{returned},\"value\":{value},\"ok\":{ok}}}")
    };
    thread::scope(|s| {
        let (call, ready) = (&call, &ready);
        let client = |(i, calls): (usize, &'c Vec<Call>)| {
            s.spawn(move || {
                ready.wait();
                calls.iter().map(|c| call(i, c)).collect::<Vec<_>>()
            })
        };
        let threads: Vec<_> = clients.iter().enumerate().map(client).collect();
        threads.into_iter().flat_map(|t| t.join().unwrap()).collect()
    })
}

fn main() {
    let right = env::args().any(|a| a == "right");
    // SAFETY: descriptors 3 and 4 are open, and nobody else's.
    let (requests, mut answers) = unsafe { (BufReader::new(File::from_raw_fd(3)), File::from_raw_fd(4)) };
    writeln!(answers, r#"{{"protocol":1,"name":"register.rs","kinds":["register"],"levels":[1]}}"#).unwrap();
    for line in requests.lines().map_while(Result::ok) {
        let calls = run(&clients(&line), right).join(",");
        writeln!(answers, r#"{{"id":{},"observation":{{"calls":[{calls}]}}}}"#, number(&line, "\"id\":")).unwrap();
    }
}
