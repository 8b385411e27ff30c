import { defaultProvider } from '../../../../lambda/adapters/aws/lambda-credentials';

const before = { ...process.env };
afterEach(() => {
  process.env = { ...before };
});

test('the credentials of the function are those that Lambda sets, as they are when a call is signed', async () => {
  const provide = defaultProvider();
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIA1', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'session' });
  expect(await provide()).toEqual({ accessKeyId: 'AKIA1', secretAccessKey: 'secret', sessionToken: 'session' });
});

test('an environment without credentials is an error that names the variables', async () => {
  delete process.env.AWS_ACCESS_KEY_ID;
  await expect(defaultProvider()()).rejects.toThrow('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY');
});
