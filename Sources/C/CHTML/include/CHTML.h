// Reading HTML with libxml2, which is opened when the first piece of HTML comes, so that dbsh starts and builds without it; the few
// declarations that are needed stand in CHTML.c.
#pragma once

#include <stddef.h>

/// NULL when HTML can be read; otherwise what is missing. The text is static.
const char *chtml_load(void);

enum chtml_kind { chtml_start, chtml_attribute, chtml_text, chtml_end };

/// Told of what a document holds, in its order: an element's start (`name`), its attributes (`name`, `text`, right behind the start),
/// text (`text`) and an element's end (`name`). What does not belong to a kind is NULL; the strings are UTF-8 and live during the call.
typedef void (*chtml_handler)(void *context, enum chtml_kind kind, const char *name, const char *text);

/// Reads `count` bytes of UTF-8 as browsers do: nothing is an error. Returns 0 when there is no document in them, or no memory.
int chtml_read(const char *bytes, size_t count, chtml_handler handler, void *context);
