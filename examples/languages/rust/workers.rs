//! A machine whose workers are threads. Unless it is right, its ATOMIC_ADD reads, and then writes.
use crate::instructions::{simple, Function, Scope, Trap, Variables};
use crate::json::Json;
use std::{collections::BTreeMap, sync::Mutex, thread, time::Duration};

pub struct Machine { pub functions: BTreeMap<String, Function>, pub shared: Mutex<Variables>, pub right: bool }

const PAUSE: Duration = Duration::from_micros(200); // in which others get on, however many processors there are

impl Machine {
    /// Executes a function to its end, or a worker's block to its join. It returns the result, and where it ended.
    pub fn execute(&self, f: &Function, mut pc: usize, globals: &mut Scope, local: &mut Scope, output: &mut Vec<String>) -> Result<(Json, usize), Trap> {
        let mut stack = vec![];
        while let Some((op, operands)) = f.code.get(pc).filter(|(op, _)| op != "RETURN" && op != "JOIN_WORKERS") {
            pc = match op.as_str() {
                "FORK_EXECUTION" => self.fork(f, pc + 1, operands[0].int(), globals, local, output)? + 1,
                "CALL_FUNC_CONST" => {
                    let called = &self.functions[operands[0].text()];
                    let arguments = stack.split_off(stack.len() - operands[1].int() as usize);
                    let mut inner = Scope::new(called.parameters.iter().cloned().zip(arguments).collect());
                    stack.push(self.execute(called, 0, globals, &mut inner, output)?.0);
                    pc + 1
                }
                "SHARED_READ" | "SHARED_WRITE" | "ATOMIC_ADD" => { self.access(op, operands[0].text(), &mut stack); pc + 1 }
                _ => simple(f, pc, &mut stack, globals, local, output)?,
            }
        }
        Ok((stack.pop().unwrap_or(Json::Null), pc))
    }

    fn access(&self, op: &str, name: &str, stack: &mut Vec<Json>) {
        let mut shared = self.shared.lock().unwrap();
        let value = shared.get(name).cloned().unwrap_or(Json::Null);
        match op {
            "SHARED_READ" => stack.push(value),
            "SHARED_WRITE" => _ = shared.insert(name.to_string(), stack.pop().unwrap()),
            _ => {
                let sum = Json::Int(stack.pop().unwrap().int() + if value == Json::Null { 0 } else { value.int() });
                if !self.right {
                    drop(shared);
                    thread::sleep(PAUSE);
                    shared = self.shared.lock().unwrap();
                }
                shared.insert(name.to_string(), sum.clone());
                stack.push(sum);
            }
        }
    }

    /// Has workers execute a block, each on copies of the variables, and merges what they did. It returns the place of their join.
    fn fork(&self, f: &Function, pc: usize, count: i64, globals: &mut Scope, local: &mut Scope, output: &mut Vec<String>) -> Result<usize, Trap> {
        let worker = |i: i64| {
            let (mut own, mut deep, mut lines) = (Scope::new(globals.values.clone()), Scope::new(local.values.clone()), vec![]);
            own.values.insert("worker_id".to_string(), Json::Int(i));
            let (_, end) = self.execute(f, pc, &mut own, &mut deep, &mut lines)?;
            Ok((own, deep, lines, end))
        };
        let ends: Vec<Result<_, Trap>> = thread::scope(|s| {
            let worker = &worker;
            let threads: Vec<_> = (0..count).map(|i| s.spawn(move || worker(i))).collect();
            threads.into_iter().map(|t| t.join().unwrap()).collect()
        });
        let mut place = pc;
        for (own, deep, lines, end) in ends.into_iter().collect::<Result<Vec<_>, Trap>>()? {
            globals.merge(own);
            local.merge(deep);
            output.extend(lines);
            place = end;
        }
        Ok(place)
    }
}
