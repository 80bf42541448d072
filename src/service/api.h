/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SERVICE_API_H
#define SERVICE_API_H

/*
 * What the service answers: the account API, OAuth 2, CSC v2, the pages of one-time links, what the authority publishes, and
 * health. Translates between bodies (wire/) and the service's parts, decides who may ask, and nothing else: rules of accounts,
 * certificates and keys belong to their parts.
 */

#include "service/http.h"
#include "service/service.h"

struct api;

/* The service is borrowed until api_free; its http is not looked at. */
enum be_err api_new(struct api **out, struct service *service, struct be_error *err);
void api_free(struct api **api); /* after http_free */

/* Fills what http_start needs, from the service's configuration: listeners, limits, routes, context. Borrowed from both. */
void api_http(struct api *api, struct http_config *out);

/* The routes, for tests that hold them against contrib/openapi.yaml. */
const struct http_route *api_routes(size_t *count);

#endif
