#!/bin/sh
# Debian's Rust, with a standard library for the browser built from Debian's own sources.
#
# It lives in /usr, beside rustup's toolchains, and leaves them alone. The linker must come from the same LLVM
# as the compiler. Without bitcode in the library a build with `lto` fails: "failed to get bitcode from object
# file".
set -eu
target=wasm32-unknown-unknown
workshop=$1

export DEBIAN_FRONTEND=noninteractive
install() { apt-get install -y -qq --no-install-recommends "$@"; }
apt-get update -qq
install rustc-web cargo-web rust-web-src rust-web-clippy rustfmt-web
field() { /usr/bin/rustc -vV | sed -n "s/^$1: //p"; }
llvm=$(field 'LLVM version' | cut -d. -f1)
install "lld-$llvm"
mkdir -p "/usr/lib/rustlib/$(field host)/bin"
ln -sf "/usr/bin/wasm-ld-$llvm" "/usr/lib/rustlib/$(field host)/bin/rust-lld"
rustup toolchain link debian-wasm /usr

rm -rf "$workshop" "/usr/lib/rustlib/$target"
mkdir -p "$workshop" "/usr/lib/rustlib/$target/lib"
cd "$workshop"
printf '[package]\nname = "scratch"\n[lib]\npath = "lib.rs"\n[workspace]\n' > Cargo.toml
: > lib.rs
RUSTUP_TOOLCHAIN=debian-wasm RUSTC_BOOTSTRAP=1 RUSTFLAGS='-C embed-bitcode=yes' \
    cargo build --release -Z build-std=std,panic_abort --target "$target" --target-dir target
rm "target/$target/release/deps/libscratch"*
cp "target/$target/release/deps/"*.rlib "/usr/lib/rustlib/$target/lib/"
