// The tab bar is drawn by each tab page (x-tabbar); WeChat asks for this component and finds an empty one.
Component({})
