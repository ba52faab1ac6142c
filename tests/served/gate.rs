//! Nobody comes in who should not, and pages are allowed nothing that they need not do.

use super::super::common::{callsift, stderr, stdout};
use super::Site;

#[test]
fn nobody_comes_in_without_the_token_or_from_elsewhere() {
    let site = Site::of(&["a.wav"]);
    let served = site.serve(&["--allow-host", "qa.example.com"]);
    let bearer = format!("Bearer {}", served.token);
    let wrong = format!("Bearer {}x", &served.token[1..]);
    let own = format!("http://{}", served.address);
    let with = |headers: &[(&'static str, &str)], target: &str| {
        let bearer = ("Authorization", bearer.as_str());
        served.ask("GET", target, &[&[bearer], headers].concat()).status
    };
    for target in ["/", "/calls.csv", "/calls/a.wav", "/audio/a.wav.wav", "/waveform/a.wav", "/nothing", "/?text=x"] {
        assert_eq!(served.ask("GET", target, &[]).status, 401, "no token: {target}");
        assert_eq!(served.ask("GET", target, &[("Authorization", &wrong)]).status, 401, "wrong token: {target}");
        assert_eq!(
            served.ask("GET", target, &[("Cookie", &format!("token={}", served.token))]).status,
            401,
            "{target}"
        );
        assert_eq!(with(&[("Host", "evil.example")], target), 403, "another name: {target}");
        assert_eq!(with(&[("Origin", "https://evil.example")], target), 403, "another site: {target}");
        assert_eq!(with(&[("Sec-Fetch-Site", "cross-site")], target), 403, "another site's request: {target}");
        let allowed = if target == "/nothing" { 404 } else { 200 };
        assert_eq!(with(&[("Origin", &own), ("Sec-Fetch-Site", "same-origin")], target), allowed, "{target}");
        assert_eq!(with(&[("Host", "qa.example.com")], target), allowed, "{target}");
    }
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"] {
        let refused = served.ask(method, "/", &[("Authorization", &bearer), ("Content-Length", "0")]);
        assert_eq!((refused.status, refused.header("allow")), (405, "GET, HEAD"), "{method}");
    }
    let health = served.ask("GET", "/health", &[]);
    assert_eq!((health.status, health.text().as_str()), (200, "ok\n"));
    assert_eq!(served.ask("GET", "/health", &[("Host", "evil.example")]).status, 403);
}

#[test]
fn the_token_is_taken_out_of_the_address_and_a_cookie_opens_from_then_on() {
    let site = Site::of(&["a.wav"]);
    let served = site.serve(&[]);
    let welcomed = served.ask("GET", &format!("/calls/a.wav?token={}&text=a%26b", served.token), &[]);
    assert_eq!((welcomed.status, welcomed.header("location")), (303, "/calls/a.wav?text=a%26b"));
    let cookie = welcomed.header("set-cookie").to_owned();
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict"), "{cookie}");
    assert!(!cookie.contains(&served.token) && !welcomed.text().contains(&served.token), "{cookie}");
    let kept = cookie.split(';').next().expect("a pair");
    assert_eq!(served.ask("GET", "/", &[("Cookie", kept)]).status, 200);
    assert_eq!(served.ask("GET", "/", &[("Cookie", &format!("{kept}0"))]).status, 401);
    assert_eq!(
        served.ask("GET", &format!("//evil.example/?token={}", served.token), &[]).header("location"),
        "/evil.example/"
    );
    assert_eq!(served.ask("GET", "/?token=guessed", &[("Cookie", kept)]).status, 401);
    // Another server on another port has another cookie.
    let other = site.serve(&[]);
    assert_eq!(other.ask("GET", "/", &[("Cookie", kept)]).status, 401);
}

#[test]
fn every_answer_forbids_what_it_need_not_do() {
    let site = Site::of(&["a.wav"]);
    let served = site.serve(&[]);
    let answers = [
        served.get("/"),
        served.get("/calls/a.wav"),
        served.get("/calls.csv"),
        served.get("/audio/a.wav.wav"),
        served.get("/waveform/a.wav"),
        served.get("/nothing"),
        served.get("/?from=never"),
        served.ask("GET", "/health", &[]),
        served.ask("GET", "/", &[]),
        served.ask("GET", &format!("/?token={}", served.token), &[]),
        served.ask("POST", "/", &[]),
    ];
    for answer in &answers {
        let policy = answer.header("content-security-policy");
        for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"] {
            assert!(policy.contains(part), "{part}: {answer:?}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
        let headers = [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cache-control", "private, no-store"),
        ];
        for (name, value) in headers {
            assert_eq!(answer.header(name), value, "{name}: {answer:?}");
        }
        assert!(!answer.header("content-type").is_empty(), "{answer:?}");
    }
    let kinds: Vec<_> = answers[..5].iter().map(|answer| (answer.status, answer.header("content-type"))).collect();
    let html = (200, "text/html; charset=utf-8");
    assert_eq!(kinds, [html, html, (200, "text/csv; charset=utf-8"), (200, "audio/wav"), (200, "image/svg+xml")]);
    assert_eq!((answers[5].status, answers[6].status), (404, 400));
    assert!(answers[6].text().contains("from: &quot;never&quot; is no day"), "{}", answers[6].text());
}

#[test]
fn mistakes_are_told_before_anything_is_served() {
    let site = Site::of(&["a.wav"]);
    site.put("short", "tooshort");
    let cases: [(&[&str], i32, &str); 7] = [
        (&["out", "--listen", "0.0.0.0:0"], 2, "--allow-remote"),
        (&["out", "--listen", "[::]:0"], 2, "--allow-remote"),
        (&["nowhere"], 2, "no dataset"),
        (&["out", "--recordings", "nowhere"], 2, "--recordings nowhere"),
        (&["out", "--token-file", "short"], 2, "holds no token"),
        (&["out", "--user-header", "a b"], 2, "--user-header"),
        (&["out", "--access-log", "nowhere/log"], 2, "--access-log nowhere/log"),
    ];
    for (args, code, reason) in cases {
        let output = callsift(site.path(), &[&["serve"], args].concat());
        assert_eq!(output.status.code(), Some(code), "{args:?}: {}{}", stdout(&output), stderr(&output));
        assert!(stderr(&output).contains(reason) && stdout(&output).is_empty(), "{args:?}: {}", stderr(&output));
    }
}

#[test]
fn a_token_of_ones_own_is_not_printed() {
    let site = Site::of(&["a.wav"]);
    site.put("token", "0123456789abcdefghij\n");
    let mut served = site.serve(&["--token-file", "token"]);
    assert!(served.token.is_empty());
    assert_eq!(served.get("/").status, 401);
    served.token = "0123456789abcdefghij".to_owned();
    let answer = served.get("/");
    assert_eq!(answer.status, 200);
}
