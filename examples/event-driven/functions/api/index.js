const { noteUse } = require('usage');

/** `POST /licenses/{license}/calls`: each call is usage. */
exports.handler = async (event) => {
  await noteUse({ id: event.requestContext.requestId, license: event.pathParameters.license, dimension: 'ApiCalls', quantity: 1 });
  return { user: event.requestContext.authorizer.jwt.claims.sub };
};
