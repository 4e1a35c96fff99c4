//! What concerns one worker of a machine alone: variables, and most instructions.
use crate::json::{Json, Json::*};
use std::collections::BTreeMap;

pub type Variables = BTreeMap<String, Json>;

/// Variables. What was stored since it was made is in stored, too.
#[derive(Default)]
pub struct Scope { pub values: Variables, stored: Variables }

impl Scope {
    pub fn new(values: Variables) -> Scope { Scope { values, stored: Variables::new() } }

    fn store(&mut self, name: &str, value: Json) {
        self.values.insert(name.to_string(), value.clone());
        self.stored.insert(name.to_string(), value);
    }

    pub fn merge(&mut self, inner: Scope) { inner.stored.into_iter().for_each(|(name, value)| self.store(&name, value)) }
}

pub struct Function { name: String, pub parameters: Vec<String>, locals: Vec<String>, pub code: Vec<(String, Vec<Json>)> }

impl Function {
    pub fn new(f: &Json) -> Function {
        let instruction = |i: &Json| (i.list()[0].text().to_string(), i.list()[1..].to_vec());
        Function {
            name: f.get("name").text().to_string(), parameters: f.get("parameters").texts(), locals: f.get("locals").texts(),
            code: f.get("code").list().iter().map(instruction).collect(),
        }
    }

    fn owns(&self, name: &str) -> bool { self.parameters.iter().chain(&self.locals).any(|n| n == name) }
}

/// The error of a program, and the instruction that failed.
pub struct Trap { pub kind: &'static str, pub function: String, pub pc: usize }

fn binary(op: &str, a: i64, b: i64) -> Json {
    match op {
        "ADD" => Int(a + b), "SUB" => Int(a - b), "MUL" => Int(a * b), "DIV" => Int(a / b), "MOD" => Int(a % b),
        "LT" => Bool(a < b), "GT" => Bool(a > b), "LTE" => Bool(a <= b), "GTE" => Bool(a >= b), "EQ" => Bool(a == b), "NEQ" => Bool(a != b),
        _ => panic!("there is no instruction {op}"),
    }
}

/// Executes an instruction, and returns the number of the next one.
pub fn simple(f: &Function, pc: usize, stack: &mut Vec<Json>, globals: &mut Scope, local: &mut Scope, output: &mut Vec<String>) -> Result<usize, Trap> {
    let (op, operands) = &f.code[pc];
    let trap = |kind| Trap { kind, function: f.name.clone(), pc };
    match (op.as_str(), operands.first()) {
        ("NOP", _) => {}
        ("LOAD_CONST", Some(value)) => stack.push(value.clone()),
        ("LOAD_NAME" | "STORE_NAME", Some(Text(name))) => {
            let scope = if f.owns(name) { local } else { globals };
            if op == "STORE_NAME" {
                scope.store(name, stack.pop().unwrap());
            } else {
                stack.push(scope.values.get(name).cloned().ok_or(trap("undefined name"))?);
            }
        }
        ("DUP", _) => stack.push(stack.last().unwrap().clone()),
        ("JUMP", Some(Int(to))) => return Ok(*to as usize),
        (_, operand) => {
            let top = stack.pop().unwrap();
            match (op.as_str(), operand) {
                ("POP", _) => {}
                ("PRINT", _) => output.push(top.to_string().replace("null", "nil")),
                ("JUMP_IF_TRUE" | "JUMP_IF_FALSE", Some(Int(to))) if top.truth() == (op == "JUMP_IF_TRUE") => return Ok(*to as usize),
                ("JUMP_IF_TRUE" | "JUMP_IF_FALSE", _) => {}
                ("NEG", _) => stack.push(Int(-top.int())),
                ("NOT", _) => stack.push(Bool(!top.truth())),
                ("DIV" | "MOD", _) if top == Int(0) => return Err(trap("division by zero")),
                _ => { let a = stack.pop().unwrap(); stack.push(binary(op, a.int(), top.int())) }
            }
        }
    }
    Ok(pc + 1)
}
