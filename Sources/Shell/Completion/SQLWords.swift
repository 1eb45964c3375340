import SQL
import Text

/// The keywords that can follow in a statement.
nonisolated enum SQLWords {
    /// How statements begin.
    static let statements = [
        "SELECT", "WITH", "INSERT INTO", "INSERT OVERWRITE", "UPDATE", "DELETE FROM", "MERGE INTO", "CREATE", "DROP",
        "ALTER",
        "SHOW", "DESCRIBE", "EXPLAIN", "USE", "SET", "FROM", "VALUES", "TABLE", "TRUNCATE TABLE", "COPY INTO",
        "OPTIMIZE",
        "VACUUM", "ANALYZE TABLE", "REFRESH", "CACHE", "UNCACHE", "GRANT", "REVOKE", "COMMENT ON", "CALL", "BEGIN",
        "DECLARE",
        "EXECUTE IMMEDIATE", "RESTORE", "MSCK REPAIR TABLE", "COMMIT", "ROLLBACK", "UNDROP",
    ]
    static let queries = ["SELECT", "WITH", "FROM", "VALUES", "TABLE"]
    static let types = [
        "BIGINT", "BINARY", "BOOLEAN", "DATE", "DECIMAL", "DOUBLE", "FLOAT", "INT", "INTERVAL", "SMALLINT", "STRING",
        "TIMESTAMP", "TIMESTAMP_NTZ", "TINYINT", "VARIANT", "ARRAY<", "MAP<", "STRUCT<",
    ]
    static let operands = [
        "CASE", "NOT", "NULL", "TRUE", "FALSE", "EXISTS", "INTERVAL", "DATE", "TIMESTAMP", "CURRENT_DATE",
        "CURRENT_TIMESTAMP",
        "CURRENT_USER",
    ]
    static let joins = [
        "JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "CROSS JOIN", "LEFT SEMI JOIN", "LEFT ANTI JOIN",
        "NATURAL JOIN",
    ]
    private static let operators = ["AND", "OR", "IN", "NOT", "LIKE", "ILIKE", "RLIKE", "BETWEEN", "IS"]
    private static let unions = ["UNION", "UNION ALL", "EXCEPT", "INTERSECT"]
    static let afterSources =
        [
            "WHERE", "GROUP BY", "HAVING", "QUALIFY", "ORDER BY", "LIMIT", "LATERAL VIEW", "TABLESAMPLE", "PIVOT",
            "UNPIVOT",
            "WINDOW",
        ] + unions
    /// What follows the name in statements about a table, by their first word.
    static let afterTable = [
        "TABLE": afterSources,
        "CREATE": [
            "AS", "USING", "LIKE", "CLUSTER BY", "PARTITIONED BY", "COMMENT", "TBLPROPERTIES", "LOCATION",
            "SHALLOW CLONE", "DEEP CLONE",
        ],
        "ALTER": [
            "ADD COLUMN", "ALTER COLUMN", "DROP COLUMN", "RENAME COLUMN", "RENAME TO", "SET TBLPROPERTIES", "SET TAGS",
            "CLUSTER BY", "ADD CONSTRAINT", "DROP CONSTRAINT",
        ],
    ]
    static let columnDefinition = ["NOT NULL", "COMMENT", "DEFAULT", "GENERATED ALWAYS AS", "PRIMARY KEY", "MASK"]
    static let window = ["PARTITION BY", "ORDER BY", "ROWS BETWEEN", "RANGE BETWEEN"]

    /// What must follow a word; nil when that is not so narrow.
    static func following(_ last: String, after before: String?, inSources: Bool) -> [String]? {
        switch (last, before) {
        case ("REPLACE", "OR"?): return ["TABLE", "VIEW", "TEMPORARY VIEW", "FUNCTION", "PROCEDURE"]
        case ("OR", "CREATE"?): return ["REPLACE", "REFRESH"]
        case ("LEFT", _) where inSources, ("RIGHT", _) where inSources, ("FULL", _) where inSources:
            return ["JOIN", "OUTER JOIN"] + (last == "LEFT" ? ["SEMI JOIN", "ANTI JOIN"] : [])
        case ("NOT", "IS"?): return ["NULL", "TRUE", "FALSE", "DISTINCT FROM"]
        case ("LATERAL", _): return ["VIEW", "VIEW OUTER"]
        default: return follow[last]
        }
    }

    private static let follow: [String: [String]] = [
        "ORDER": ["BY"], "GROUP": ["BY"], "PARTITION": ["BY"], "CLUSTER": ["BY"], "SORT": ["BY"], "DISTRIBUTE": ["BY"],
        "PARTITIONED": ["BY"], "CLUSTERED": ["BY"], "INNER": ["JOIN"], "CROSS": ["JOIN"], "OUTER": ["JOIN"],
        "SEMI": ["JOIN"],
        "ANTI": ["JOIN"], "NATURAL": ["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"],
        "INSERT": ["INTO", "OVERWRITE"], "DELETE": ["FROM"], "MERGE": ["INTO"], "COPY": ["INTO"],
        "CREATE": [
            "TABLE", "OR REPLACE", "VIEW", "TEMPORARY VIEW", "MATERIALIZED VIEW", "SCHEMA", "DATABASE", "CATALOG",
            "VOLUME",
            "FUNCTION", "STREAMING TABLE",
        ],
        "DROP": ["TABLE", "VIEW", "SCHEMA", "DATABASE", "CATALOG", "VOLUME", "FUNCTION", "MATERIALIZED VIEW"],
        "ALTER": ["TABLE", "VIEW", "SCHEMA", "DATABASE", "CATALOG", "VOLUME"],
        "SHOW": [
            "TABLES", "SCHEMAS", "CATALOGS", "COLUMNS IN", "VIEWS", "FUNCTIONS", "VOLUMES", "CREATE TABLE",
            "PARTITIONS",
            "TBLPROPERTIES", "GRANTS",
        ],
        "TRUNCATE": ["TABLE"], "ANALYZE": ["TABLE"], "COMMENT": ["ON"], "EXECUTE": ["IMMEDIATE"],
        "IS": ["NULL", "NOT NULL", "TRUE", "FALSE", "DISTINCT FROM", "NOT DISTINCT FROM"],
        "NULLS": ["FIRST", "LAST"], "UNION": ["ALL", "DISTINCT", "SELECT", "VALUES", "TABLE"],
        "EXCEPT": ["ALL", "SELECT"], "INTERSECT": ["ALL", "SELECT"], "MATERIALIZED": ["VIEW"], "TEMPORARY": ["VIEW"],
        "ROWS": ["BETWEEN"], "UNBOUNDED": ["PRECEDING", "FOLLOWING"], "CURRENT": ["ROW"],
        "EXPLAIN": [
            "SELECT", "WITH", "EXTENDED", "FORMATTED", "COST", "CODEGEN", "INSERT INTO", "UPDATE", "DELETE FROM",
            "MERGE INTO",
        ],
    ]

    /// What can follow an operand in a clause, whose first word is given; nil where any word may.
    static func operations(in clause: String?, isCase: Bool, isCall: Bool) -> [String]? {
        let words: [String]
        switch clause {
        case "SELECT": words = ["FROM", "AS"] + operators + (isCall ? ["OVER", "FILTER"] : []) + unions
        case "ON": words = operators + joins + afterSources
        case "USING": words = joins + afterSources
        case "WHERE": words = operators + ["GROUP BY", "HAVING", "QUALIFY", "ORDER BY", "LIMIT", "WINDOW"] + unions
        case "GROUP": words = ["HAVING", "QUALIFY", "ORDER BY", "LIMIT"] + operators + unions
        case "HAVING": words = operators + ["QUALIFY", "ORDER BY", "LIMIT"] + unions
        case "QUALIFY": words = operators + ["ORDER BY", "LIMIT"] + unions
        case "ORDER", "SORT": words = ["ASC", "DESC", "NULLS FIRST", "NULLS LAST", "LIMIT", "OFFSET"] + operators
        case "LIMIT": words = ["OFFSET"] + unions
        case "SET": words = operators + ["WHERE"]
        case "(": words = operators + (isCall ? ["OVER"] : [])
        default: return isCase ? ["WHEN", "THEN", "ELSE", "END"] + operators : nil
        }
        return (isCase ? ["WHEN", "THEN", "ELSE", "END"] : []) + words
    }
}
