#include "CHTML.h"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>

// libxml/tree.h and libxml/HTMLparser.h of libxml2 2.9 to 2.14: the beginnings of two structures, which have not changed in that time,
// and the values of the enumerations that are used.

struct node {
    void *private_data;
    int type;
    const char *name;
    struct node *children, *last, *parent, *next, *previous;
    void *document;
    void *name_space;
    char *content;
    struct attribute *attributes;
};

struct attribute {
    void *private_data;
    int type;
    const char *name;
    struct node *children, *last, *parent;
    struct attribute *next, *previous;
};

enum { element_node = 1, text_node = 3, cdata_node = 4 };
enum { parse_recover = 1, parse_no_error = 32, parse_no_warning = 64, parse_no_network = 2048 };

static struct {
    void *(*read)(const char *bytes, int count, const char *url, const char *encoding, int options);
    struct node *(*root)(void *document);
    void (*free)(void *document);
} xml;

static const char *failure;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
    void *library = dlopen("libxml2.so.2", RTLD_NOW | RTLD_LOCAL);
    if (!library) library = dlopen("libxml2.so.16", RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        failure = "libxml2 is not installed (Debian package libxml2)";
        return;
    }
    *(void **)&xml.read = dlsym(library, "htmlReadMemory");
    *(void **)&xml.root = dlsym(library, "xmlDocGetRootElement");
    *(void **)&xml.free = dlsym(library, "xmlFreeDoc");
    if (!xml.read || !xml.root || !xml.free) failure = "libxml2 has no HTML parser";
}

const char *chtml_load(void) {
    pthread_once(&once, load);
    return failure;
}

static void start(struct node *node, chtml_handler handler, void *context) {
    handler(context, chtml_start, node->name, NULL);
    for (struct attribute *attribute = node->attributes; attribute; attribute = attribute->next) {
        struct node *value = attribute->children;
        handler(context, chtml_attribute, attribute->name, value && value->content ? value->content : "");
    }
}

int chtml_read(const char *bytes, size_t count, chtml_handler handler, void *context) {
    if (chtml_load() || count > INT_MAX) return 0;
    void *document = xml.read(bytes, (int)count, NULL, "UTF-8", parse_recover | parse_no_error | parse_no_warning | parse_no_network);
    if (!document) return 0;
    struct node *root = xml.root(document);
    // Without recursion: nothing here depends on how deep elements nest.
    for (struct node *node = root; node;) {
        if (node->type == element_node) {
            start(node, handler, context);
            if (node->children) {
                node = node->children;
                continue;
            }
            handler(context, chtml_end, node->name, NULL);
        } else if ((node->type == text_node || node->type == cdata_node) && node->content) {
            handler(context, chtml_text, NULL, node->content);
        }
        while (node != root && !node->next) {
            node = node->parent;
            handler(context, chtml_end, node->name, NULL);
        }
        if (node == root) break;
        node = node->next;
    }
    xml.free(document);
    return root != NULL;
}
