//! SUBSCRIBE and related requests: what a client may send on a socket, and the responses.

use serde_json::{Value, json};

/// Most streams that one connection may follow.
pub(crate) const MOST_STREAMS: usize = 1_024;

const METHODS: &str = "`SUBSCRIBE`, `UNSUBSCRIBE`, `LIST_SUBSCRIPTIONS`, `SET_PROPERTY`, `GET_PROPERTY`";

/// What a connection follows, and the form of its frames.
#[derive(Debug)]
pub(crate) struct Subscriptions {
    pub(crate) streams: Vec<String>,
    /// Frames are wrapped in `{"stream","data"}`.
    pub(crate) combined: bool,
    /// Errors have the nested form seen on the wire; otherwise the documented flat one.
    pub(crate) nested_errors: bool,
}

/// The exchange's error code and message.
struct Refusal(i32, String);

fn invalid(words: &str) -> Refusal {
    Refusal(2, format!("Invalid request: {words}"))
}

impl Subscriptions {
    /// Performs a request; the response is never wrapped.
    pub(crate) fn respond(&mut self, text: &str) -> String {
        let request: Value = match serde_json::from_str(text) {
            Ok(request) => request,
            Err(error) => {
                let (line, column) = (error.line(), error.column());
                let words = format!("Invalid JSON: expected value at line {line} column {column}");
                return self.error(&Refusal(3, words), None);
            }
        };
        let id = request.get("id");
        if id.is_some_and(|id| !(id.is_null() || id.is_i64() || id.is_u64() || short_word(id))) {
            return self.error(&invalid("request ID must be an unsigned integer"), None);
        }
        match self.result(&request) {
            // written by hand to keep the exchange's order of fields, which a map would lose
            Ok(result) => format!(r#"{{"result":{result},"id":{}}}"#, id.unwrap_or(&Value::Null)),
            Err(refusal) => self.error(&refusal, id),
        }
    }

    fn result(&mut self, request: &Value) -> Result<Value, Refusal> {
        let method = request.get("method").ok_or_else(|| invalid("missing field `method`"))?;
        let method = method.as_str().ok_or_else(|| invalid("method must be a string"))?;
        match method {
            "SUBSCRIBE" => {
                let mut streams = self.streams.clone();
                for stream in names(request)? {
                    if !streams.contains(&stream) {
                        streams.push(stream);
                    }
                }
                if streams.len() > MOST_STREAMS {
                    return Err(Refusal(4, "Too many subscriptions".to_owned()));
                }
                self.streams = streams;
                Ok(Value::Null)
            }
            "UNSUBSCRIBE" => {
                let streams = names(request)?;
                self.streams.retain(|stream| !streams.contains(stream));
                Ok(Value::Null)
            }
            "LIST_SUBSCRIPTIONS" => Ok(json!(self.streams)),
            "SET_PROPERTY" => {
                known_property(request)?;
                let value = request.pointer("/params/1").and_then(Value::as_bool);
                self.combined =
                    value.ok_or_else(|| Refusal(1, "Invalid value type: expected Boolean".to_owned()))?;
                Ok(Value::Null)
            }
            "GET_PROPERTY" => {
                known_property(request)?;
                Ok(json!(self.combined))
            }
            other => Err(invalid(&format!("unknown variant {other}, expected one of {METHODS}"))),
        }
    }

    fn error(&self, Refusal(code, words): &Refusal, id: Option<&Value>) -> String {
        let words = json!(words);
        let error = format!(r#""code":{code},"msg":{words}"#);
        let error = if self.nested_errors { format!(r#""error":{{{error}}}"#) } else { error };
        let id = id.map_or(String::new(), |id| format!(r#","id":{id}"#));
        format!("{{{error}{id}}}")
    }
}

fn short_word(id: &Value) -> bool {
    id.as_str().is_some_and(|word| {
        word.len() <= 36 && word.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
    })
}

fn names(request: &Value) -> Result<Vec<String>, Refusal> {
    let params =
        request.get("params").and_then(Value::as_array).ok_or_else(|| invalid("missing field `params`"))?;
    let name = |param: &Value| param.as_str().map(str::to_owned).ok_or_else(|| invalid("invalid stream"));
    params.iter().map(name).collect()
}

fn known_property(request: &Value) -> Result<(), Refusal> {
    match request.pointer("/params/0") {
        Some(Value::String(name)) if name == "combined" => Ok(()),
        Some(Value::String(_)) => Err(Refusal(0, "Unknown property".to_owned())),
        _ => Err(invalid("property name must be a string")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fresh(nested_errors: bool) -> Subscriptions {
        Subscriptions { streams: Vec::new(), combined: false, nested_errors }
    }

    #[test]
    fn subscriptions_are_acknowledged_listed_and_given_up() {
        let mut at = fresh(true);
        let subscribe = r#"{"method":"SUBSCRIBE","params":["btcusdt@trade","nosuch@trade"],"id":1}"#;
        assert_eq!(at.respond(subscribe), r#"{"result":null,"id":1}"#);
        assert_eq!(at.respond(subscribe), r#"{"result":null,"id":1}"#);
        let give_up = r#"{"method":"UNSUBSCRIBE","params":["nosuch@trade"],"id":"a-2"}"#;
        assert_eq!(at.respond(give_up), r#"{"result":null,"id":"a-2"}"#);
        assert_eq!(
            at.respond(r#"{"method":"LIST_SUBSCRIPTIONS","id":3}"#),
            r#"{"result":["btcusdt@trade"],"id":3}"#
        );
    }

    #[test]
    fn the_form_of_frames_is_a_property() {
        let mut at = fresh(false);
        assert_eq!(
            at.respond(r#"{"method":"SET_PROPERTY","params":["combined",true],"id":5}"#),
            r#"{"result":null,"id":5}"#
        );
        assert_eq!(
            at.respond(r#"{"method":"GET_PROPERTY","params":["combined"],"id":2}"#),
            r#"{"result":true,"id":2}"#
        );
        assert!(
            at.respond(r#"{"method":"SET_PROPERTY","params":["combined",1],"id":5}"#).contains(r#""code":1"#)
        );
        assert!(
            at.respond(r#"{"method":"GET_PROPERTY","params":["colour"],"id":5}"#).contains(r#""code":0"#)
        );
    }

    #[test]
    fn errors_come_flat_or_nested() {
        let nonsense = r#"{"method":"DANCE","id":9}"#;
        assert!(
            fresh(true)
                .respond(nonsense)
                .starts_with(r#"{"error":{"code":2,"msg":"Invalid request: unknown"#)
        );
        let nested: Value = serde_json::from_str(&fresh(true).respond(nonsense)).unwrap();
        assert_eq!((nested["error"]["code"].as_i64(), nested["id"].as_i64()), (Some(2), Some(9)));
        let flat: Value = serde_json::from_str(&fresh(false).respond(nonsense)).unwrap();
        assert_eq!((flat["code"].as_i64(), flat["id"].as_i64()), (Some(2), Some(9)));
        assert!(fresh(true).respond("ping").contains("Invalid JSON: expected value at line 1 column"));
    }

    #[test]
    fn more_than_1024_streams_are_refused_whole() {
        let mut at = fresh(true);
        let many: Vec<String> = (0..=MOST_STREAMS).map(|place| format!("s{place}@trade")).collect();
        let reply = at.respond(&json!({ "method": "SUBSCRIBE", "params": many, "id": 19 }).to_string());
        assert!(reply.contains("Too many subscriptions") && at.streams.is_empty());
    }
}
