module example.com/realtime

go 1.26
