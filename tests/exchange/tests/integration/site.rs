//! The static host.

use spreadscope_exchange::serve_static_with;

#[tokio::test]
async fn files_are_served_with_their_types_and_are_not_kept() {
    let folder = std::env::temp_dir().join(format!("spreadscope-site-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    for name in ["index.html", "app.js", "app_bg.wasm", "page.css"] {
        std::fs::write(folder.join(name), name).unwrap();
    }
    let (address, task) = serve_static_with(&folder, 0, &[("x-frame-options", "DENY")]).await.unwrap();
    let asked = tokio::task::spawn_blocking(move || {
        ["", "app.js", "app_bg.wasm", "page.css"].map(|path| {
            let response = ureq::get(format!("http://{address}/{path}")).call().unwrap();
            let header = |name| response.headers()[name].to_str().unwrap().to_owned();
            assert_eq!(header("x-frame-options"), "DENY");
            (header("content-type"), header("cache-control"))
        })
    });
    let answers = asked.await.unwrap();
    assert!(serve_static_with(&folder, 0, &[("no name", "")]).await.is_err());
    std::fs::remove_dir_all(&folder).unwrap();
    task.abort();
    let types = ["text/html", "text/javascript", "application/wasm", "text/css"];
    for ((kind, cache), expected) in answers.iter().zip(types) {
        assert_eq!((kind.as_str(), cache.as_str()), (expected, "no-store"));
    }
}
