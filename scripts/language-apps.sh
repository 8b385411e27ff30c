#!/usr/bin/env bash
# Copies the example app of each language out of the repository, installs the packed library into it, synthesizes it, compares its
# templates with those of the TypeScript example, and runs the example's tests in the packed sandbox.
# Needs the packages of `npm run package-all`. `language-apps.sh [language]...`; default: all whose tool chains are here.
set -euo pipefail
cd "$(dirname "$0")/.."
repo=$PWD
version=$(node -p 'require("./package.json").version')
products="SaasProduct ContractProduct"
work=$(mktemp -d)
trap 'chmod -R u+w "$work" && rm -rf "$work"' EXIT
cdk() { "$repo/node_modules/.bin/node" "$repo/node_modules/aws-cdk/bin/cdk" "$@"; }
has() { command -v "$1" >/dev/null 2>&1; }

# Logical ids and values, as the TypeScript example has them: synth_expected FOLDER [option]...
synth_expected() {
  local folder=$1
  shift
  (cd "$repo" && TS_NODE_PROJECT=examples/typescript/demo/tsconfig.json cdk synth --quiet --output "$work/$folder" \
    --app "node -r ts-node/register/transpile-only -r tsconfig-paths/register examples/typescript/app.ts" \
    --context @aws-cdk/core:checkSecretUsage=true "$@")
}
synth_expected expected

install_python() {
  python3 -m venv .venv
  .venv/bin/pip install --quiet --disable-pip-version-check "$repo/dist/python/cdk_marketplace_saas-$version-py3-none-any.whl"
  .venv/bin/pip install --quiet --disable-pip-version-check -r requirements.txt
  export PATH="$PWD/.venv/bin:$PATH"
}

install_java() {
  cat >settings.xml <<XML
<settings>
  <profiles><profile><id>packed</id><repositories><repository><id>packed</id><url>file://$repo/dist/java</url></repository></repositories></profile></profiles>
  <activeProfiles><activeProfile>packed</activeProfile></activeProfiles>
</settings>
XML
  # A build of the same version must not be taken from an earlier install.
  rm -rf "${HOME}/.m2/repository/io/github/cdk-marketplace-saas"
  mvn --batch-mode --quiet --settings settings.xml compile
}

install_go() {
  local module=github.com/cdk-marketplace-saas/cdk-marketplace-saas-go/cdkmarketplacesaas
  go mod edit -replace "$module=$repo/dist/go/cdkmarketplacesaas"
  go mod tidy
}

check() {
  local language=$1
  shift
  cp -r "$repo/examples/$language" "$work/$language"
  cd "$work/$language"
  rm -rf cdk.out
  "install_$language"
  cdk synth --quiet "$@"
  for product in $products; do
    node "$repo/scripts/compare-templates.js" "$work/expected/$product.template.json" "cdk.out/$product.template.json"
  done
}

install_sandbox() {
  if [ ! -d "$work/tryout" ]; then
    mkdir "$work/tryout"
    cp "$repo"/examples/typescript/test/*.mts "$work/tryout"
    (cd "$work/tryout" && echo '{"private":true}' >package.json &&
      npm install --silent --no-package-lock "$repo/dist/sandbox/cdk-marketplace-saas-sandbox-$version.tgz" node@24)
  fi
}

# The tests of the TypeScript example, in the packed sandbox, against the assembly of another language.
try_out() {
  install_sandbox
  (cd "$work/tryout" && CDK_OUTDIR="$work/$1/cdk.out" node_modules/.bin/node --test product.test.mts contract.test.mts)
}

# The tests that the Python example has of its own. Its functions run on the Python that has boto3.
try_out_python() {
  install_sandbox
  cd "$work/python"
  export PATH="$PWD/.venv/bin:$PATH"
  synth_expected expected-consumption --context pricing=consumption
  cdk synth --quiet --context pricing=consumption --output consumption/cdk.out
  node "$repo/scripts/compare-templates.js" "$work/expected-consumption/SaasProduct.template.json" consumption/cdk.out/SaasProduct.template.json
  pip install --quiet --disable-pip-version-check boto3 pytest
  MARKETPLACE_SANDBOX="$work/tryout/node_modules/.bin/node $work/tryout/node_modules/.bin/marketplace-sandbox" pytest -q tests
}

asked=("$@")
[ ${#asked[@]} -gt 0 ] || asked=(python java go)
for language in "${asked[@]}"; do
  case $language in
    python) tool=python3 ;;
    java) tool=mvn ;;
    go) tool=go ;;
    *) echo "no example app in $language is checked here: one of python, java, go" >&2; exit 1 ;;
  esac
  if ! has "$tool"; then
    echo "$language: left out, there is no $tool here"
    continue
  fi
  echo "--- $language"
  # Not `check && try_out`: bash ignores errors within a command whose outcome it tests.
  case $language in
    java) (check java --app 'mvn --batch-mode --quiet --settings settings.xml compile exec:java') ;;
    *) (check "$language") ;;
  esac
  case $language in
    python) (try_out_python) ;;
    *) (try_out "$language") ;;
  esac
done

# Functions in Go and Java, over the runtime API, where their tool chains are.
(cd "$repo" && SANDBOX_TOOL_CHAINS=1 npx jest --ci sandbox/test/e2e/runtimes)
