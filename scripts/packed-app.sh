#!/usr/bin/env bash
# Installs the packed tarball into a new CDK app outside the repository and synthesizes it with the CDK CLI.
set -euo pipefail
cd "$(dirname "$0")/.."
repo=$PWD
tarball=$(ls "$repo"/dist/js/cdk-marketplace-saas*.tgz)
app=$(mktemp -d)
trap 'rm -rf "$app"' EXIT
cp -r examples/typescript/. "$app"
rm -rf "$app/demo" "$app/cdk.out" "$app/node_modules"
cd "$app"
npm pkg set "dependencies.cdk-marketplace-saas=file:$tarball" >/dev/null
npm install --no-package-lock
npx tsc -p tsconfig.json
npx cdk synth --quiet --output cdk.out
node -e '
  const template = JSON.parse(require("fs").readFileSync("cdk.out/SaasProduct.template.json", "utf8"));
  const types = Object.values(template.Resources).map((resource) => resource.Type);
  const functions = types.filter((type) => type === "AWS::Lambda::Function").length;
  if (functions < 7) throw new Error(`expected the five handlers and the app, found ${functions} functions`);
  console.log(`synthesized ${types.length} resources, ${functions} functions, from the packed tarball`);
'
