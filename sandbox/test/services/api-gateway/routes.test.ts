import type { RouteModel } from '../../../src/services/api-gateway/model';
import { matchRoute } from '../../../src/services/api-gateway/routes';

const routes = ['GET /', 'GET /a', 'POST /a', 'ANY /a', 'GET /b', 'ANY /{proxy+}', 'GET /c/{id}', 'DELETE /c/all', 'GET /d/{rest+}'].map((text): RouteModel => {
  const [method, path] = text.split(' ');
  return { method, path, isSigned: false, needsApiKey: false, functionArn: text };
});

test.each([
  ['GET /', 'GET /', null],
  ['POST /a', 'POST /a', null],
  ['PUT /a', 'ANY /a', null],
  ['GET /x/y', 'ANY /{proxy+}', { proxy: 'x/y' }],
  ['GET /c/1%202', 'GET /c/{id}', { id: '1 2' }],
  ['DELETE /c/all', 'DELETE /c/all', null],
  ['GET /d/e/f', 'GET /d/{rest+}', { rest: 'e/f' }],
  ['GET /d', 'ANY /{proxy+}', { proxy: 'd' }],
])('%s is for %s', (request, expected, parameters) => {
  const [method, path] = request.split(' ');
  const match = matchRoute(routes, method, path);
  expect([match?.route.functionArn, match?.pathParameters]).toEqual([expected, parameters]);
});

// The resource is chosen before the method: what stands at the path hides {proxy+}, even when it lacks the method.
test.each(['POST /b', 'POST /', 'GET /c/all', 'POST /c/1'])('%s is for nothing', (request) => {
  const [method, path] = request.split(' ');
  expect(matchRoute(routes, method, path)).toBeUndefined();
});
