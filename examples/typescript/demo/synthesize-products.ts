import * as path from 'node:path';
import { App } from 'aws-cdk-lib';
import { PRODUCTS } from './products';
import { ProductName } from './scenario';

// `synthesize-products.ts FOLDER PRODUCT...`: the cloud assembly of each goes into a folder of its name.
const [folder, ...names] = process.argv.slice(2);
for (const name of names as ProductName[]) {
  const app = new App({ outdir: path.join(folder, name) });
  PRODUCTS[name](app);
  app.synth();
}
