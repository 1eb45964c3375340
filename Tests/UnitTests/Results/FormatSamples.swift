@testable import Results

let sampleColumns = [
    Column(name: "id", typeText: "BIGINT", typeName: "LONG"), Column(name: "price", typeText: "DECIMAL(10,2)"),
    Column(name: "ratio", typeText: "DOUBLE"), Column(name: "ok", typeText: "BOOLEAN"),
    Column(name: "name", typeText: "STRING"), Column(name: "tags", typeText: "ARRAY<STRING>"),
]

let sampleRows: [[String?]] = [
    ["9223372036854775807", "19.90", "1.0E20", "true", "plain", #"["a","b"]"#],
    ["-2", "0.50", "NaN", "false", "", "[]"],
    [nil, nil, "-Infinity", nil, "NULL", nil],
    ["0", "-1.00", "-0.0", "true", "a,b \"c\" | <d> & 'e'\n\\f\tg", #"["x\ny"]"#],
    ["1", "12.00", "1.5", "true", "東京 😀 naïve", "not json"],
]

extension FormatTests {
    /// The sample in every format.
    static let golden: [Format: String] = [
        .box: #"""
        ┌─────────────────────┬───────────────┬───────────┬─────────┬────────────────────────────┬───────────────┐
        │                  id │         price │     ratio │ ok      │ name                       │ tags          │
        │              BIGINT │ DECIMAL(10,2) │    DOUBLE │ BOOLEAN │ STRING                     │ ARRAY<STRING> │
        ├─────────────────────┼───────────────┼───────────┼─────────┼────────────────────────────┼───────────────┤
        │ 9223372036854775807 │         19.90 │    1.0E20 │ true    │ plain                      │ ["a","b"]     │
        │                  -2 │          0.50 │       NaN │ false   │                            │ []            │
        │                NULL │          NULL │ -Infinity │ NULL    │ NULL                       │ NULL          │
        │                   0 │         -1.00 │      -0.0 │ true    │ a,b "c" | <d> & 'e'\n\f\tg │ ["x\ny"]      │
        │                   1 │         12.00 │       1.5 │ true    │ 東京 😀 naïve              │ not json      │
        └─────────────────────┴───────────────┴───────────┴─────────┴────────────────────────────┴───────────────┘

        """#,
        .table: #"""
        +---------------------+-------+-----------+-------+----------------------------+-----------+
        |                  id | price |     ratio | ok    | name                       | tags      |
        +---------------------+-------+-----------+-------+----------------------------+-----------+
        | 9223372036854775807 | 19.90 |    1.0E20 | true  | plain                      | ["a","b"] |
        |                  -2 |  0.50 |       NaN | false |                            | []        |
        |                NULL |  NULL | -Infinity | NULL  | NULL                       | NULL      |
        |                   0 | -1.00 |      -0.0 | true  | a,b "c" | <d> & 'e'\n\f\tg | ["x\ny"]  |
        |                   1 | 12.00 |       1.5 | true  | 東京 😀 naïve              | not json  |
        +---------------------+-------+-----------+-------+----------------------------+-----------+

        """#,
        .markdown: #"""
        |                  id | price |     ratio | ok    | name                                  | tags      |
        | ------------------: | ----: | --------: | ----- | ------------------------------------- | --------- |
        | 9223372036854775807 | 19.90 |    1.0E20 | true  | plain                                 | ["a","b"] |
        |                  -2 |  0.50 |       NaN | false |                                       | []        |
        |                NULL |  NULL | -Infinity | NULL  | NULL                                  | NULL      |
        |                   0 | -1.00 |      -0.0 | true  | a,b "c" \| &lt;d> &amp; 'e'<br>\\f\tg | ["x\\ny"] |
        |                   1 | 12.00 |       1.5 | true  | 東京 😀 naïve                         | not json  |

        """#,
        .vertical: """
        ─── row 1 ───
           id  9223372036854775807
        price  19.90
        ratio  1.0E20
           ok  true
         name  plain
         tags  ["a","b"]
        ─── row 2 ───
           id  -2
        price  0.50
        ratio  NaN
           ok  false
         name  
         tags  []
        ─── row 3 ───
           id  NULL
        price  NULL
        ratio  -Infinity
           ok  NULL
         name  NULL
         tags  NULL
        ─── row 4 ───
           id  0
        price  -1.00
        ratio  -0.0
           ok  true
         name  a,b "c" | <d> & 'e'
               \\f\\tg
         tags  ["x\\ny"]
        ─── row 5 ───
           id  1
        price  12.00
        ratio  1.5
           ok  true
         name  東京 😀 naïve
         tags  not json

        """,
        .csv: """
        id,price,ratio,ok,name,tags
        9223372036854775807,19.90,1.0E20,true,plain,"[""a"",""b""]"
        -2,0.50,NaN,false,"",[]
        ,,-Infinity,,NULL,
        0,-1.00,-0.0,true,"a,b ""c"" | <d> & 'e'
        \\f\tg","[""x\\ny""]"
        1,12.00,1.5,true,東京 😀 naïve,not json

        """,
        .tsv: """
        id\tprice\tratio\tok\tname\ttags
        9223372036854775807\t19.90\t1.0E20\ttrue\tplain\t["a","b"]
        -2\t0.50\tNaN\tfalse\t\t[]
        \\N\t\\N\t-Infinity\t\\N\tNULL\t\\N
        0\t-1.00\t-0.0\ttrue\ta,b "c" | <d> & 'e'\\n\\\\f\\tg\t["x\\\\ny"]
        1\t12.00\t1.5\ttrue\t東京 😀 naïve\tnot json

        """,
        .json: #"""
        [
        {"id":9223372036854775807,"price":19.90,"ratio":1.0E20,"ok":true,"name":"plain","tags":["a","b"]},
        {"id":-2,"price":0.50,"ratio":"NaN","ok":false,"name":"","tags":[]},
        {"id":null,"price":null,"ratio":"-Infinity","ok":null,"name":"NULL","tags":null},
        {"id":0,"price":-1.00,"ratio":-0.0,"ok":true,"name":"a,b \"c\" | <d> & 'e'\n\\f\tg","tags":["x\ny"]},
        {"id":1,"price":12.00,"ratio":1.5,"ok":true,"name":"東京 😀 naïve","tags":"not json"}
        ]

        """#,
        .jsonl: #"""
        {"id":9223372036854775807,"price":19.90,"ratio":1.0E20,"ok":true,"name":"plain","tags":["a","b"]}
        {"id":-2,"price":0.50,"ratio":"NaN","ok":false,"name":"","tags":[]}
        {"id":null,"price":null,"ratio":"-Infinity","ok":null,"name":"NULL","tags":null}
        {"id":0,"price":-1.00,"ratio":-0.0,"ok":true,"name":"a,b \"c\" | <d> & 'e'\n\\f\tg","tags":["x\ny"]}
        {"id":1,"price":12.00,"ratio":1.5,"ok":true,"name":"東京 😀 naïve","tags":"not json"}

        """#,
        .html: """
        <table>
        <thead>
        <tr><th>id</th><th>price</th><th>ratio</th><th>ok</th><th>name</th><th>tags</th></tr>
        </thead>
        <tbody>
        <tr><td class="number">9223372036854775807</td><td class="number">19.90</td><td class="number">1.0E20</td>\
        <td>true</td><td>plain</td><td>[&quot;a&quot;,&quot;b&quot;]</td></tr>
        <tr><td class="number">-2</td><td class="number">0.50</td><td class="number">NaN</td><td>false</td>\
        <td></td><td>[]</td></tr>
        <tr><td class="null">NULL</td><td class="null">NULL</td><td class="number">-Infinity</td>\
        <td class="null">NULL</td><td>NULL</td><td class="null">NULL</td></tr>
        <tr><td class="number">0</td><td class="number">-1.00</td><td class="number">-0.0</td><td>true</td>\
        <td>a,b &quot;c&quot; | &lt;d&gt; &amp; &#39;e&#39;
        \\f\tg</td><td>[&quot;x\\ny&quot;]</td></tr>
        <tr><td class="number">1</td><td class="number">12.00</td><td class="number">1.5</td><td>true</td>\
        <td>東京 😀 naïve</td><td>not json</td></tr>
        </tbody>
        </table>

        """,
        .insert: #"""
        INSERT INTO results VALUES (9223372036854775807, 19.90, 1.0E20, true, 'plain', from_json('["a","b"]', 'ARRAY<STRING>'));
        INSERT INTO results VALUES (-2, 0.50, CAST('NaN' AS DOUBLE), false, '', from_json('[]', 'ARRAY<STRING>'));
        INSERT INTO results VALUES (NULL, NULL, CAST('-Infinity' AS DOUBLE), NULL, 'NULL', NULL);
        INSERT INTO results VALUES (0, -1.00, CAST('-0.0' AS DOUBLE), true, 'a,b "c" | <d> & \'e\'\n\\f\tg', from_json('["x\\ny"]', 'ARRAY<STRING>'));
        INSERT INTO results VALUES (1, 12.00, 1.5, true, '東京 😀 naïve', from_json('not json', 'ARRAY<STRING>'));

        """#,
    ]
}
