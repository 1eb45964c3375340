"""Calls the tools of an MCP server with the official client: its command line is this one's, and the calls are JSON on standard
input, [[tool, arguments, seconds to wait or null], …]. Prints a JSON line for the server, and one for each call.
"""

import asyncio
import json
import os
import sys

from mcp import ClientSession, StdioServerParameters, stdio_client


async def main():
    server = StdioServerParameters(command=sys.argv[1], args=sys.argv[2:], env=dict(os.environ))
    async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
        hello = await session.initialize()
        tools = await session.list_tools()
        names = [tool.name for tool in tools.tools]
        print(json.dumps({"server": hello.server_info.name, "instructions": hello.instructions, "tools": names}))
        for tool, arguments, seconds in json.load(sys.stdin):
            try:
                result = await session.call_tool(tool, arguments, read_timeout_seconds=seconds)
                texts = [part.text for part in result.content]
                print(json.dumps({"tool": tool, "failed": result.is_error, "texts": texts}))
            except Exception as error:
                print(json.dumps({"tool": tool, "refused": str(error)}))
            sys.stdout.flush()


asyncio.run(main())
