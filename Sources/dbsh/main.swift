print("dbsh")
