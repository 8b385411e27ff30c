const { noteUse } = require('usage');

/** Another system reports an import: `{"id", "license", "rows"}`. */
exports.handler = async (event) => {
  const { id, license, rows } = JSON.parse(event.body);
  await noteUse({ id, license, dimension: 'Imports', quantity: rows });
  return { statusCode: 204 };
};
