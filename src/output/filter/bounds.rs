//! What a filter may use: a program can call itself without end, and a vendor's text can nest as deep as it is long.
//!
//! The guard is a filter of its own that hands on what it gets. It stands before the body of each definition, after
//! each `|` and in each step of a fold, so that no loop goes round without passing it.

use std::cell::Cell;

use jaq_core::box_iter::box_once;
use jaq_core::data::HasLut;
use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Def, Pattern, Term};
use jaq_core::native::{bome, v};
use jaq_core::ops::Math;
use jaq_core::path::{Part, Path};
use jaq_core::{DataT, Exn, Lut, Native, RunPtr, ValX};
use jaq_json::{Num, Val};

/// The guard, the product and its operand: names that nobody can write.
const GUARD: &str = "!guard";
const TIMES: &str = "!times";
const OPERAND: &str = "$!operand";

/// Functions of the library with their variables, by what they are called here, and what stands before each.
const REPLACED: [(&str, &[&str], &str, Option<&str>); 7] = [
    ("range", &["$from", "$to", "$by"], "!range", None),
    ("fromjson", &[], "!fromjson", Some("!shallow")),
    ("gmtime", &[], "!gmtime", Some("!moment")),
    ("localtime", &[], "!localtime", Some("!moment")),
    ("mktime", &[], "!mktime", Some("!moment")),
    ("strftime", &["$format"], "!strftime", Some("!moment")),
    ("strflocaltime", &["$format"], "!strflocaltime", Some("!moment")),
];

/// Beyond so many seconds from 1970 the library has no calendar, and far beyond it would count on and wrap.
const FARTHEST: u64 = 400_000_000_000;

/// Longest text, and longest list without what its items hold, that a product or a step may give, in bytes: the size of
/// the largest answer.
const LARGEST: usize = 64 * 1024 * 1024;

/// So many bytes of a text cost as much as a step.
const BYTES_A_STEP: usize = 1024;

/// How deep JSON in a text, and a program, may nest: as deep as an answer itself.
pub(super) const DEEPEST: usize = 128;

/// The kind of data that filters run on: values, and the bounds of the run.
pub(super) struct Bounded;

impl DataT for Bounded {
    type V<'a> = Val;
    type Data<'a> = Run<'a>;
}

/// One run of a filter over one input.
#[derive(Clone)]
pub(super) struct Run<'a> {
    lut: &'a Lut<Bounded>,
    bounds: &'a Bounds,
}

impl<'a> Run<'a> {
    pub(super) fn new(lut: &'a Lut<Bounded>, bounds: &'a Bounds) -> Self {
        Run { lut, bounds }
    }
}

impl<'a> HasLut<'a, Bounded> for Run<'a> {
    fn lut(&self) -> &'a Lut<Bounded> {
        self.lut
    }
}

/// What is left of what a run may use.
pub(super) struct Bounds {
    steps: Cell<u64>,
    /// Where the stack was at the start, and how far it may grow from there.
    stack: Option<(usize, usize)>,
    exceeded: Cell<Option<Exceeded>>,
}

/// Why a run was ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exceeded {
    /// It took too many steps.
    Steps,
    /// Its definitions called themselves too deep, or too much was nested.
    Stack,
    /// A text or list grew too large.
    Size,
}

impl Exceeded {
    /// What the filter did, for the message of an error.
    pub(super) fn words(self) -> &'static str {
        match self {
            Exceeded::Steps => "it does not come to an end",
            Exceeded::Stack => "it goes too deep: a definition calls itself without end, or too much is nested",
            Exceeded::Size => "a value grows beyond 64 MiB",
        }
    }
}

impl Bounds {
    /// Bounds of a run that begins here. `stack`: how many bytes of this thread's stack it may use.
    pub(super) fn new(steps: u64, stack: Option<usize>) -> Self {
        let stack = stack.map(|most| (here(), most));
        Bounds { steps: Cell::new(steps), stack, exceeded: Cell::new(None) }
    }

    /// Why the run was ended, if it was.
    pub(super) fn exceeded(&self) -> Option<Exceeded> {
        self.exceeded.get()
    }

    /// Takes so many steps at once; `false`: there were not as many left.
    pub(super) fn spend(&self, steps: u64) -> bool {
        let left = self.steps.get().checked_sub(steps);
        self.steps.set(left.unwrap_or(0));
        if left.is_none() {
            self.exceeded.set(Some(Exceeded::Steps));
        }
        left.is_some()
    }

    fn pass(&self, value: &Val) -> Result<(), Exn<'_, Val>> {
        let (large, steps) = match value {
            // Who hands on a long text has looked at all of it.
            Val::TStr(bytes) | Val::BStr(bytes) => (bytes.len(), 1 + bytes.len() / BYTES_A_STEP),
            Val::Arr(items) => (size_of::<Val>().saturating_mul(items.len()), 1),
            _ => (0, 1),
        };
        let too_deep = || self.stack.is_some_and(|(start, most)| start.abs_diff(here()) > most);
        if large > LARGEST {
            self.exceeded.set(Some(Exceeded::Size));
        } else if too_deep() {
            self.exceeded.set(Some(Exceeded::Stack));
        } else if self.spend(u64::try_from(steps).unwrap_or(u64::MAX)) {
            return Ok(());
        }
        // A halt, not an error: no `try` of the program catches it.
        Err(Exn::halt(0))
    }
}

/// About where this thread's stack ends now.
#[inline(never)]
fn here() -> usize {
    let mark = 0_u8;
    std::ptr::from_ref(std::hint::black_box(&mark)).addr()
}

type Function = jaq_core::native::Fun<Bounded>;

/// The functions that the guarded terms and [`definitions`] call.
pub(super) fn functions() -> [Function; 2] {
    let guard = Native::<Bounded>::new(|cv| box_once(cv.0.data().bounds.pass(&cv.1).map(|()| cv.1)))
        .with_paths(|cv| box_once(cv.0.data().bounds.pass(&cv.1.0).map(|()| cv.1)))
        .with_update(|cv, update| match cv.0.data().bounds.pass(&cv.1) {
            Ok(()) => update(cv.1),
            Err(ended) => box_once(Err(ended)),
        });
    let times: RunPtr<Bounded> = |mut cv| {
        let (right, left) = (cv.0.pop_var(), cv.0.pop_var());
        box_once(product(cv.0.data().bounds, left, right))
    };
    [(GUARD, v(0), guard), (TIMES, v(2), Native::<Bounded>::new(times))]
}

/// A function of the library under the name by which it is called here.
pub(super) fn renamed((name, arity, function): Function) -> Function {
    let replaced = REPLACED.iter().find(|(known, names, ..)| *known == name && names.len() == arity.len());
    (replaced.map_or(name, |(_, _, own, _)| own), arity, function)
}

/// Definitions that stand before those of the library, in place of its functions of the same names.
pub(super) fn definitions() -> impl Iterator<Item = Def<&'static str>> {
    REPLACED.iter().map(|(name, variables, own, before)| {
        let call = Term::Call(*own, variables.iter().map(|variable| Term::Var(*variable)).collect());
        let body = match before {
            Some(check) => pipe(Term::Call(*check, Vec::new()), call),
            // What it gives is counted.
            None => pipe(call, guard()),
        };
        Def { name: *name, args: variables.to_vec(), body }
    })
}

/// What stands before functions that would not bear every value.
pub(super) fn checks() -> [Function; 2] {
    let shallow: RunPtr<Bounded> = |cv| match &cv.1 {
        Val::TStr(bytes) | Val::BStr(bytes) if depth(bytes) > DEEPEST => {
            bome(Err(jaq_core::Error::str(format!("cannot parse JSON that nests deeper than {DEEPEST} levels"))))
        }
        _ => box_once(Ok(cv.1)),
    };
    let moment: RunPtr<Bounded> = |cv| {
        let bears = match &cv.1 {
            Val::Num(Num::Int(seconds)) => u64::try_from(seconds.unsigned_abs()).is_ok_and(|far| far <= FARTHEST),
            Val::Arr(parts) => match parts.get(1) {
                Some(Val::Num(Num::Int(month))) => (0..12).contains(month),
                _ => true,
            },
            _ => true,
        };
        bome(if bears { Ok(cv.1) } else { Err(jaq_core::Error::str(format!("cannot convert {} to time", cv.1))) })
    };
    [("!shallow", v(0), Native::<Bounded>::new(shallow)), ("!moment", v(0), Native::<Bounded>::new(moment))]
}

/// How deep the brackets of a text nest, those within quotes apart.
pub(super) fn depth(text: &[u8]) -> usize {
    let (mut open, mut deepest, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' | b'(' if !quoted => {
                open += 1;
                deepest = deepest.max(open);
            }
            b']' | b'}' | b')' if !quoted => open = open.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// `left * right`, where that is no text of a size that no memory holds.
fn product<'a>(bounds: &Bounds, left: Val, right: Val) -> ValX<'a, Val> {
    let times = |length: usize, number: &Num| match number {
        Num::Int(times) => length.checked_mul(usize::try_from(*times).unwrap_or(0)),
        Num::BigInt(_) => None,
        _ => Some(0),
    };
    let length = match (&left, &right) {
        (Val::TStr(text) | Val::BStr(text), Val::Num(number))
        | (Val::Num(number), Val::TStr(text) | Val::BStr(text)) => times(text.len(), number),
        _ => Some(0),
    };
    if length.is_none_or(|length| length > LARGEST) {
        bounds.exceeded.set(Some(Exceeded::Size));
        return Err(Exn::halt(0));
    }
    (left * right).map_err(Exn::from)
}

fn guard<'s>() -> Term<&'s str> {
    Term::Call(GUARD, Vec::new())
}

fn pipe<'s>(left: Term<&'s str>, right: Term<&'s str>) -> Term<&'s str> {
    Term::BinOp(Box::new(left), BinaryOp::Pipe(None), Box::new(right))
}

fn boxed(term: Term<&str>) -> Box<Term<&str>> {
    Box::new(guarded(term))
}

/// A definition whose body begins with the guard.
pub(super) fn guarded_definition(definition: Def<&str>) -> Def<&str> {
    Def { body: pipe(guard(), guarded(definition.body)), ..definition }
}

/// The same term, guarded.
pub(super) fn guarded<'s>(term: Term<&'s str>) -> Term<&'s str> {
    let all = |terms: Vec<Term<&'s str>>| terms.into_iter().map(guarded).collect::<Vec<_>>();
    match term {
        Term::Id | Term::Recurse | Term::Num(_) | Term::Break(_) | Term::Var(_) => term,
        Term::Str(format, parts) => Term::Str(format, parts.into_iter().map(part).collect()),
        Term::Arr(inner) => Term::Arr(inner.map(|inner| boxed(*inner))),
        Term::Obj(members) => {
            Term::Obj(members.into_iter().map(|(key, value)| (guarded(key), value.map(guarded))).collect())
        }
        Term::Neg(inner) => Term::Neg(boxed(*inner)),
        Term::BinOp(left, operator, right) => operation(guarded(*left), operator, guarded(*right)),
        Term::Label(name, inner) => Term::Label(name, boxed(*inner)),
        Term::Fold(name, source, names, steps) => {
            let steps = steps.into_iter().enumerate();
            // The first is where a fold begins, not what it repeats.
            let step = |(at, step)| if at == 0 { guarded(step) } else { pipe(guard(), guarded(step)) };
            Term::Fold(name, boxed(*source), pattern(names), steps.map(step).collect())
        }
        Term::TryCatch(inner, catch) => Term::TryCatch(boxed(*inner), catch.map(|catch| boxed(*catch))),
        Term::IfThenElse(branches, otherwise) => {
            let branches = branches.into_iter().map(|(test, then)| (guarded(test), guarded(then)));
            Term::IfThenElse(branches.collect(), otherwise.map(|otherwise| boxed(*otherwise)))
        }
        Term::Def(definitions, inner) => {
            Term::Def(definitions.into_iter().map(guarded_definition).collect(), boxed(*inner))
        }
        Term::Call(name, args) => Term::Call(name, all(args)),
        Term::Path(inner, Path(parts)) => {
            let part = |part| match part {
                Part::Index(at) => Part::Index(guarded(at)),
                Part::Range(from, to) => Part::Range(from.map(guarded), to.map(guarded)),
            };
            Term::Path(boxed(*inner), Path(parts.into_iter().map(|(one, optional)| (part(one), optional)).collect()))
        }
    }
}

fn operation<'s>(left: Term<&'s str>, operator: BinaryOp<&'s str>, right: Term<&'s str>) -> Term<&'s str> {
    let of = |left, operator, right| Term::BinOp(Box::new(left), operator, Box::new(right));
    match operator {
        BinaryOp::Pipe(names) => of(left, BinaryOp::Pipe(names.map(pattern)), pipe(guard(), right)),
        BinaryOp::Math(Math::Mul) => Term::Call(TIMES, vec![left, right]),
        BinaryOp::UpdateMath(Math::Mul) => {
            let product = Term::Call(TIMES, vec![Term::Id, Term::Var(OPERAND)]);
            of(right, BinaryOp::Pipe(Some(Pattern::Var(OPERAND))), of(left, BinaryOp::Update, product))
        }
        other => of(left, other, right),
    }
}

fn part<'s>(part: StrPart<&'s str, Term<&'s str>>) -> StrPart<&'s str, Term<&'s str>> {
    match part {
        StrPart::Term(term) => StrPart::Term(guarded(term)),
        other => other,
    }
}

fn pattern(names: Pattern<&str>) -> Pattern<&str> {
    match names {
        Pattern::Var(_) => names,
        Pattern::Arr(items) => Pattern::Arr(items.into_iter().map(pattern).collect()),
        Pattern::Obj(members) => {
            Pattern::Obj(members.into_iter().map(|(key, value)| (guarded(key), pattern(value))).collect())
        }
    }
}
